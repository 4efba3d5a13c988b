import type { Clock } from '@openmux/core'
import type { Saying } from './answers.ts'
import { type Asked, faultyScript, JSON_TYPE, soundScript } from './faults.ts'
import { packets } from './packets.ts'
import { Random } from './random.ts'
import { anyRefusal, type Refusal } from './refusals.ts'
import type { Script, Seen } from './script.ts'
import { ALL_TARGETS, type TargetSpec } from './targets.ts'
import { foreignContinuation, trueCalls, trueJson, trueText, trueVector } from './truth.ts'
import { FAULT_SHARE, Weather } from './weather.ts'

interface Body {
  readonly model: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly messages?: readonly { readonly role: string; readonly content: string }[]
  readonly tools?: readonly unknown[]
  readonly response_format?: { readonly type?: string }
  readonly input?: readonly string[] | string
}

/** How a request to the storm is worded, so that the upstream knows which one it is. */
export function promptOf(request: number, topic: number, words: string): string {
  return `request=${request} topic=${topic} ${words}`
}

/** All upstreams of the storm: decides what each does with each call, and remembers it for the judge. */
export class StormUpstream {
  readonly weather: Weather
  /** How often each fault was played. */
  readonly played = new Map<string, number>()
  readonly #clock: Clock
  readonly #seed: number
  readonly #seen = new Map<number, Seen[]>()
  #calls = 0

  constructor(seed: number, clock: Clock, pace: number) {
    this.#seed = seed
    this.#clock = clock
    this.weather = new Weather(seed, clock.now(), pace)
  }

  /** The calls made for a request so far. */
  seen(request: number): readonly Seen[] {
    return this.#seen.get(request) ?? []
  }

  forget(request: number): void {
    this.#seen.delete(request)
  }

  /** What happens to a call of `https://<target>.storm/v1/…`. */
  answer(target: string, method: string, path: string, text: string): Script {
    const spec = ALL_TARGETS.find(({ id }) => id === target)
    if (spec === undefined) throw new Error(`no target ${target}`)
    const random = new Random(this.#seed, 'call', (this.#calls += 1))
    const script =
      method === 'GET'
        ? this.#list(spec, random)
        : path.endsWith('/embeddings')
          ? this.#embed(spec, JSON.parse(text) as Body, random)
          : this.#chat(spec, JSON.parse(text) as Body, random)
    this.played.set(script.fault, (this.played.get(script.fault) ?? 0) + 1)
    return { ...script, headers: { date: new Date(this.#clock.now()).toUTCString(), ...script.headers } }
  }

  #list({ id }: TargetSpec, random: Random): Script {
    const bad = this.weather.moodOf(id, this.#clock.now()) === 'dead' && random.chance(0.5)
    const data = [
      { id: `${id}-chat`, object: 'model' },
      { id: `${id}-vectors`, object: 'model' },
    ]
    return {
      fault: bad ? 'no list of models' : 'none',
      delayMs: random.between(5, 60),
      ...(bad && { refused: 'ECONNREFUSED' as const }),
      status: 200,
      headers: JSON_TYPE,
      steps: packets(JSON.stringify({ object: 'list', data }), random),
    }
  }

  #chat(spec: TargetSpec, body: Body, random: Random): Script {
    const messages = body.messages ?? []
    const last = messages.at(-1)
    const { request, topic, stopLoops } = readPrompt(
      messages.find(({ role }) => role === 'user')?.content ?? '',
    )
    const prefill = last?.role === 'assistant' ? last.content : undefined
    const asked: Asked = {
      stream: body.stream === true,
      usage: body.stream_options?.include_usage === true,
      json: body.response_format !== undefined,
      tools: (body.tools?.length ?? 0) > 0,
      stopLoops,
      patient: spec.locality === 'local',
    }
    if (prefill !== undefined && spec.prefill === 'refused') {
      this.#note(request, { target: spec.id, fault: 'prefill refused', prefill })
      const refusal =
        '{"error":{"message":"The last message must have the role user.","type":"invalid_request_error"}}'
      return {
        fault: 'prefill refused',
        delayMs: 50,
        status: 400,
        headers: JSON_TYPE,
        steps: packets(refusal, random),
      }
    }
    const given = spec.prefill === 'ignored' ? undefined : prefill
    const saying = sayingOf(spec, topic, asked, given, random)
    const script = this.#choose(spec, saying, asked, random)
    this.#note(request, {
      target: spec.id,
      fault: script.fault,
      ...(given !== undefined && { prefill: given, continuation: saying.text }),
    })
    return script
  }

  #choose(spec: TargetSpec, saying: Saying, asked: Asked, random: Random): Script {
    const { mood, fixed } = this.#fate(spec)
    if (!random.chance(FAULT_SHARE[mood])) return soundScript(saying, asked, random)
    const early = this.#early(spec, fixed ?? random, random, asked.patient)
    return early ?? faultyScript(saying, asked, random, fixed)
  }

  /** What goes wrong before an answer begins; undefined: the answer itself does. */
  #early(spec: TargetSpec, choice: Random, random: Random, patient: boolean): Script | undefined {
    const nothing = { delayMs: random.between(1, 400), status: 0, headers: {}, steps: [] }
    const roll = choice.next()
    if (roll < 0.05) return { ...nothing, fault: 'refused', refused: 'ECONNREFUSED' }
    if (roll < 0.1) return { ...nothing, fault: 'reset before headers', refused: 'ECONNRESET' }
    if (roll < 0.12) return { ...nothing, fault: 'cut in the headers', refused: 'HPE_INVALID_CONSTANT' }
    if (roll < 0.16 && !patient)
      return { ...nothing, fault: 'silent', delayMs: 7_200_000, refused: 'ECONNRESET' }
    return roll < 0.45 ? this.#refuse(spec, anyRefusal(choice, this.#clock.now()), random) : undefined
  }

  #refuse(spec: TargetSpec, refusal: Refusal, random: Random): Script {
    if (refusal.until !== undefined) this.weather.told(spec.id, refusal.until)
    const { name, status, headers, body } = refusal
    return { fault: name, delayMs: random.between(20, 500), status, headers, steps: packets(body, random) }
  }

  /** The dead fail in one way for a whole era. */
  #fate({ id }: TargetSpec): { readonly mood: keyof typeof FAULT_SHARE; readonly fixed?: Random } {
    const now = this.#clock.now()
    const mood = this.weather.moodOf(id, now)
    return mood === 'dead'
      ? { mood, fixed: new Random(this.#seed, id, 'dead', this.weather.eraOf(now)) }
      : { mood }
  }

  #embed(spec: TargetSpec, body: Body, random: Random): Script {
    const inputs = typeof body.input === 'string' ? [body.input] : (body.input ?? [])
    const { request } = readPrompt(inputs[0] ?? '')
    const script = this.#embedScript(spec, inputs, random)
    this.#note(request, { target: spec.id, fault: script.fault })
    return script
  }

  #embedScript(spec: TargetSpec, inputs: readonly string[], random: Random): Script {
    const entries = inputs.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: trueVector(spec.space, text) as unknown,
    }))
    const send = (fault: string, data: readonly object[], more: object = {}): Script => ({
      fault,
      delayMs: random.between(10, 300),
      status: 200,
      headers: JSON_TYPE,
      steps: packets(JSON.stringify({ object: 'list', data, model: `${spec.id}-vectors`, ...more }), random),
    })
    const { mood, fixed } = this.#fate(spec)
    // Any order is allowed: the index says which is which.
    if (!random.chance(FAULT_SHARE[mood])) return send('none', random.shuffled(entries))
    const early = this.#early(spec, fixed ?? random, random, spec.locality === 'local')
    if (early !== undefined) return early
    const [first, ...rest] = entries
    switch ((fixed ?? random).between(0, 6)) {
      case 0:
        return send('too few vectors', rest)
      case 1:
        return send(
          'an index twice',
          entries.map((entry) => ({ ...entry, index: 0 })).concat(entries.slice(0, 1)),
        )
      case 2:
        return send('a shorter vector', [{ ...first, embedding: [0.1, 0.2] }, ...rest])
      case 3:
        return send('a vector that is none', [{ ...first, embedding: [1, null, 'NaN', 1, 1, 1] }, ...rest])
      case 4:
        return send('error as JSON', [], { error: { message: 'out of memory', code: 500 } })
      case 5: {
        const whole = send('cut', entries)
        return { ...whole, steps: [...whole.steps.slice(0, 1).map(halved), { do: 'cut' }] }
      }
      default:
        return send('HTML', [], {})
    }
  }

  #note(request: number, seen: Seen): void {
    const list = this.#seen.get(request)
    if (list === undefined) this.#seen.set(request, [seen])
    else list.push(seen)
  }
}

function halved(step: Script['steps'][number]): Script['steps'][number] {
  return step.do === 'send' ? { do: 'send', bytes: step.bytes.subarray(0, step.bytes.length / 2) } : step
}

function readPrompt(prompt: string): {
  readonly request: number
  readonly topic: number
  readonly stopLoops: boolean
} {
  const found = /request=(\d+) topic=(\d+)/.exec(prompt)
  if (found === null) throw new Error(`a request that is none of ours: ${prompt.slice(0, 80)}`)
  return { request: Number(found[1]), topic: Number(found[2]), stopLoops: prompt.includes('no loops') }
}

/** What a model says; handed a beginning, only the rest. */
function sayingOf(
  spec: TargetSpec,
  topic: number,
  asked: Asked,
  prefill: string | undefined,
  random: Random,
): Saying {
  const { family, id } = spec
  const calls = asked.tools ? trueCalls(family, topic) : []
  const whole = asked.json ? trueJson(family, topic) : trueText(family, topic)
  const text = asked.tools && topic % 3 !== 0 ? '' : whole
  const rest =
    prefill === undefined
      ? text
      : text.startsWith(prefill)
        ? text.slice(prefill.length)
        : foreignContinuation(family, topic)
  return {
    model: `${id}-chat`,
    text: rest,
    calls,
    finish: calls.length > 0 ? 'tool_calls' : 'stop',
    ...(random.chance(0.1) && { reasoning: 'Let me think about it. ' }),
  }
}
