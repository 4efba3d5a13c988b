import { type Frames, streamFrames, type Saying, wholeBody } from './answers.ts'
import { comments, noise, packets, split, UTF8 } from './packets.ts'
import type { Random } from './random.ts'
import type { Script, Step } from './script.ts'

/** How long a stalled upstream says nothing, ms: longer than anybody waits. */
const FOR_EVER_MS = 7_200_000

const STREAM_FAULTS = [
  'cut',
  'cut',
  'cut',
  'clean end anywhere',
  'clean end anywhere',
  'stall',
  'stall',
  'malformed chunk',
  'error event',
  'error in a chunk',
  'error glued on',
  'no finish reason',
  'broken finish reason',
  'early length',
  'filtered in the middle',
  'empty',
  'whitespace',
  'HTML',
  'HTML as a stream',
  'error as JSON',
  'comments only',
  'late',
  'loop',
  'garbage',
] as const

const WHOLE_FAULTS = [
  'cut',
  'clean end anywhere',
  'stall',
  'malformed chunk',
  'error as JSON',
  'no choices',
  'no finish reason',
  'broken finish reason',
  'empty',
  'whitespace',
  'HTML',
  'late',
  'garbage',
] as const

/** For requests with tools or a format, beside the above. */
const TOOL_FAULTS = [
  'arguments cut, finished all the same',
  'call in the text',
  'call without a name',
] as const
const JSON_FAULTS = ['prose instead of JSON', 'JSON cut, finished all the same'] as const

/** What is asked of an upstream. */
export interface Asked {
  readonly stream: boolean
  readonly usage: boolean
  readonly json: boolean
  readonly tools: boolean
  readonly stopLoops: boolean
  /** A local model may take as long as it needs for its first token, and nobody is to give up on it. */
  readonly patient: boolean
}

/** The answer as it should be. */
export function soundScript(saying: Saying, asked: Asked, random: Random): Script {
  const delayMs = random.between(20, 900)
  if (!asked.stream || random.chance(0.02)) {
    return {
      fault: 'none',
      delayMs,
      status: 200,
      headers: JSON_TYPE,
      steps: packets(wholeText(saying, random), random),
    }
  }
  const { frames, beforeFinish } = streamFrames(saying, random, asked.usage)
  // Whole is whole: what happens after the finish reason is no failure.
  const late = random.next()
  const afterFinish = beforeFinish + 1
  if (late < 0.05)
    return stream('none', delayMs, [
      ...packets(frames.slice(0, afterFinish).join(''), random, false),
      { do: 'cut' },
    ])
  if (late < 0.1)
    return stream('none', delayMs, packets(frames.slice(0, afterFinish).join(''), random, false))
  return stream('none', delayMs, packets(frames.join(''), random))
}

/** Some fault, anywhere in the answer. */
export function faultyScript(saying: Saying, asked: Asked, random: Random, fixed?: Random): Script {
  const special = asked.tools ? TOOL_FAULTS : asked.json ? JSON_FAULTS : []
  const faults: readonly string[] = [...(asked.stream ? STREAM_FAULTS : WHOLE_FAULTS), ...special, ...special]
  const name = allowed((fixed ?? random).pick(faults), asked)
  return asked.stream ? faultyStream(name, saying, asked, random) : faultyWhole(name, saying, random)
}

function allowed(name: string, asked: Asked): string {
  if (name === 'loop' && (!asked.stopLoops || asked.json || asked.tools)) return 'cut'
  if (asked.patient && (name === 'late' || name === 'comments only')) return 'cut'
  return name
}

function faultyStream(name: string, saying: Saying, asked: Asked, random: Random): Script {
  const delayMs = random.between(20, 900)
  const made = streamFrames(saying, random, asked.usage)
  const before = random.between(0, made.beforeFinish)
  const begun = made.frames.slice(0, before).join('')
  const script = (steps: readonly Step[]): Script => stream(name, delayMs, steps)
  const instead = (changes: Partial<Saying>): Frames =>
    streamFrames({ ...saying, ...changes }, random, asked.usage)
  switch (name) {
    case 'cut':
      return script([...upToAnyByte(made, random, asked), { do: 'cut' }])
    case 'clean end anywhere':
      return script([...upToAnyByte(made, random, asked), { do: 'end' }])
    case 'stall':
      return script([...upToAnyByte(made, random, asked), { do: 'wait', ms: FOR_EVER_MS }, { do: 'cut' }])
    case 'malformed chunk': {
      const chunk = random.pick([
        '{"choices": [{"delta": {"content": "bro',
        '{choices}',
        '[1,',
        '"text"',
        '42',
        '{]',
      ])
      return script(packets(`${begun}data: ${chunk}\n\n${made.frames.slice(before).join('')}`, random))
    }
    case 'error event':
      return script(packets(`${begun}event: error\ndata: {"message":"upstream died","code":502}\n\n`, random))
    case 'error in a chunk': {
      const error = random.pick([
        '{"error":{"message":"Provider returned error","code":502}}',
        '{"error":"out of memory"}',
        '{"choices":[{"index":0,"delta":{"content":""},"finish_reason":null,"error":{"code":500,"message":"it broke"}}]}',
        '[{"error":{"code":503,"message":"overloaded"}}]',
        '{"object":"error","message":"engine died","code":500}',
      ])
      return script(packets(`${begun}data: ${error}\n\n`, random))
    }
    case 'error glued on':
      return script(packets(`${begun}{"error":{"message":"upstream died"}}`, random))
    case 'no finish reason':
      return script(packets(`${made.frames.slice(0, made.beforeFinish).join('')}data: [DONE]\n\n`, random))
    case 'broken finish reason':
      return script(packets(endedWith(made, before, random.pick(['error', 'abort', 'cancelled'])), random))
    case 'early length':
      return script(packets(endedWith(made, before, 'length'), random))
    case 'filtered in the middle':
      return script(packets(endedWith(made, before, 'content_filter'), random))
    case 'empty':
      return script(packets(instead({ text: '', calls: [], finish: 'stop' }).frames.join(''), random))
    case 'whitespace':
      return script(
        packets(
          instead({ text: random.pick([' ', '\n\n', '\t ']), calls: [], finish: 'stop' }).frames.join(''),
          random,
        ),
      )
    case 'HTML':
      return {
        ...script(packets('<!doctype html><h1>Login</h1>', random)),
        headers: { 'content-type': 'text/html' },
      }
    case 'HTML as a stream':
      return script(packets('<!doctype html><html><h1>Login</h1></html>', random))
    case 'error as JSON':
      return { ...script(packets(errorAsJson(random), random)), headers: JSON_TYPE }
    case 'comments only':
      return script(comments())
    case 'late':
      return { ...script(packets(made.frames.join(''), random)), delayMs: random.between(12_000, 90_000) }
    case 'loop':
      return script(
        packets(instead({ text: saying.text + 'again and again '.repeat(120) }).frames.join(''), random),
      )
    case 'garbage':
      return script([...packets(begun, random, false), { do: 'send', bytes: noise(random) }, { do: 'end' }])
    default:
      return script(packets(instead(spoilt(name, saying)).frames.join(''), random))
  }
}

function faultyWhole(name: string, saying: Saying, random: Random): Script {
  const delayMs = random.between(20, 900)
  const bytes = UTF8.encode(wholeText(saying, random))
  const script = (steps: readonly Step[], headers = JSON_TYPE): Script => ({
    fault: name,
    delayMs,
    status: 200,
    headers,
    steps,
  })
  const begun: readonly Step[] = split(bytes.subarray(0, random.between(0, bytes.length - 2)), random)
  switch (name) {
    case 'cut':
      return script([...begun, { do: 'cut' }])
    case 'clean end anywhere':
      return script([...begun, { do: 'end' }])
    case 'stall':
      return script([...begun, { do: 'wait', ms: FOR_EVER_MS }, { do: 'cut' }])
    case 'malformed chunk':
      return script(packets(`${wholeText(saying, random)}}stray`, random))
    case 'error as JSON':
      return script(packets(errorAsJson(random), random))
    case 'no choices':
      return script(packets(random.pick(['{}', '{"choices":[]}', '[]', 'null', '""']), random))
    case 'no finish reason':
      return script(
        packets(
          JSON.stringify(wholeBody({ ...saying, finish: '' }, random)).replace(
            '"finish_reason":""',
            '"finish_reason":null',
          ),
          random,
        ),
      )
    case 'broken finish reason':
      return script(packets(wholeText({ ...saying, finish: 'error' }, random), random))
    case 'empty':
      return script(packets(wholeText({ ...saying, text: '', calls: [], finish: 'stop' }, random), random))
    case 'whitespace':
      return script(packets(wholeText({ ...saying, text: ' \n', calls: [], finish: 'stop' }, random), random))
    case 'HTML':
      return script(packets('<!doctype html><h1>Login</h1>', random), { 'content-type': 'text/html' })
    case 'late':
      return {
        ...script(packets(wholeText(saying, random), random)),
        delayMs: random.between(12_000, 90_000),
      }
    case 'garbage':
      return script([{ do: 'send', bytes: noise(random) }, { do: 'end' }])
    default:
      return script(packets(wholeText({ ...saying, ...spoilt(name, saying) }, random), random))
  }
}

/** What the model itself gets wrong, though the stream is whole. */
function spoilt(name: string, saying: Saying): Partial<Saying> {
  const [call] = saying.calls
  switch (name) {
    case 'arguments cut, finished all the same':
      return { calls: saying.calls.map((one) => ({ ...one, arguments: one.arguments.slice(0, -3) })) }
    case 'call in the text':
      return {
        text: `<tool_call>{"name": "${call?.name ?? 'pay'}", "arguments": ${call?.arguments ?? '{}'}}</tool_call>`,
        calls: [],
        finish: 'stop',
      }
    case 'call without a name':
      return { calls: saying.calls.map((one) => ({ ...one, name: '' })) }
    case 'prose instead of JSON':
      return { text: `Sure! Here is the JSON: ${saying.text}` }
    case 'JSON cut, finished all the same':
      return { text: saying.text.slice(0, -2) }
    default:
      throw new Error(`no fault ${name}`)
  }
}

/** The answer up to some byte before the finish reason is out: in a line, in a character, between two chunks. */
function upToAnyByte({ frames, beforeFinish }: Frames, random: Random, { patient }: Asked): Step[] {
  const bytes = UTF8.encode(frames.slice(0, beforeFinish).join(''))
  // A local model that has said nothing yet may be loading: only after its first word is silence a stall.
  const first = frames.findIndex((frame) => /"(?:content|arguments)":"[^"]/.test(frame))
  const least = patient ? UTF8.encode(frames.slice(0, Math.min(first + 1, beforeFinish)).join('')).length : 0
  return split(bytes.subarray(0, random.between(least, bytes.length)), random)
}

function endedWith({ frames, beforeFinish }: Frames, before: number, finish: string): string {
  const last = frames[beforeFinish] ?? ''
  return (
    frames.slice(0, before).join('') +
    last.replace(/"finish_reason":"[a-z_]+"/, `"finish_reason":"${finish}"`)
  )
}

function errorAsJson(random: Random): string {
  return random.pick([
    '{"error":{"message":"Provider returned error","code":502}}',
    '{"error":"CUDA out of memory"}',
    '[{"error":{"code":503,"message":"overloaded"}}]',
    '{"detail":"Not right now"}',
  ])
}

function wholeText(saying: Saying, random: Random): string {
  return JSON.stringify(wholeBody(saying, random))
}

export const JSON_TYPE: Readonly<Record<string, string>> = { 'content-type': 'application/json' }
const STREAM_TYPE = { 'content-type': 'text/event-stream; charset=utf-8' }

function stream(fault: string, delayMs: number, steps: readonly Step[]): Script {
  return { fault, delayMs, status: 200, headers: STREAM_TYPE, steps }
}
