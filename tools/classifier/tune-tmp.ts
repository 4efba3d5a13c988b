import { loadCoreSource } from './core-source.ts'
import { makeExamples } from './examples.ts'
import { learn, type Sample } from './learn.ts'
import { packModel } from './pack.ts'
import { Random } from './random.ts'
import { messagesOf, readRequests } from './requests.ts'
const { LABELLED, MISFIRES } = await import('../../packages/core/tests/support/labelled-requests.ts' as string)
const core = await loadCoreSource()
const random = new Random(6)
const LAB = { chat: 0, code: 1, embeddings: 2 } as const
const samples: Sample[] = makeExamples(Number(process.argv[2] ?? 120000), random).map(({ text, task, afterCode }) => {
  const found = new Map<number, number>(); const list = new core.FeatureList()
  for (const s of core.segmentsOf(text)) { list.read(s.text); const v = core.featureValue(s.share, list.count); for (const f of new Set(list.hashes.subarray(0, list.count))) found.set(f, (found.get(f) ?? 0) + v) }
  if (afterCode) found.set(core.AFTER_CODE, 1)
  return { features: Uint32Array.from(found.keys()), values: Float32Array.from(found.values()), label: LAB[task] }
})
const freq = new Float32Array(core.FEATURE_SPACE)
for (const s of samples) for (const [i, f] of s.features.entries()) freq[f] = (freq[f] ?? 0) + (s.values[i] ?? 0)
const strongest = (w: Float32Array, most: number) => { const m = w.map((x, f) => Math.abs(x) * Math.sqrt(freq[f] ?? 0)); const least = m.filter((x) => x > 0).toSorted().at(-most) ?? 0; return Uint8Array.from(m, (x) => (x > 0 && x >= least ? 1 : 0)) }
const dev = [...readRequests('dev-set').map((r) => ({ l: r.label, m: messagesOf(r) })), ...LABELLED.map(([l, t]: any) => ({ l, m: [{ role: 'user', content: t }] })), ...MISFIRES.map((t: any) => ({ l: 'chat', m: [{ role: 'user', content: t }] }))]
for (const [l1, l2w, rate, l2, epochs, kept] of JSON.parse(process.argv[3] ?? '[]')) {
  const r = new Random(1)
  const wide = learn(samples, core.FEATURE_SPACE, 2, { rate, l1, l2: l2w }, r)
  const model = learn(samples, core.FEATURE_SPACE, epochs, { rate, l1: 0, l2 }, r, [strongest(wide.code, kept), strongest(wide.embeddings, 1200)])
  const packed = packModel(model)
  const classify = core.createTextClassifier(packed)
  let right = 0, wrong = 0
  for (const d of dev) { const a = classify(d.m); if (a.task === d.l) right++; else { if (a.task !== 'unknown') wrong++; if (process.argv[4] === 'v') console.log(d.l, a.task, a.confidence, JSON.stringify((d.m.at(-1) as any).content).slice(0, 120), a.reason) } }
  console.log(JSON.stringify([l1, l2w, rate, l2, epochs, kept]), 'dev right', right, 'wrong', wrong, 'unknown', dev.length - right - wrong, 'size', packed.length)
}
