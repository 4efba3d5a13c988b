import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLines, readNdjson, readServerSentEvents, type ServerSentEvent } from '../src/index.js'
import { drain } from './support/outcome.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

async function* pieces(...parts: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? utf8(part) : part
}

/** `bytes` cut at the given places (taken modulo its length), empty pieces included. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  const edges = [0, ...sorted, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

const lines = async (...parts: readonly (Uint8Array | string)[]): Promise<string[]> =>
  (await drain(readLines(pieces(...parts)))).items
const events = async (...parts: readonly (Uint8Array | string)[]): Promise<ServerSentEvent[]> =>
  (await drain(readServerSentEvents(pieces(...parts)))).items

describe('readLines', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['LF', ['a\nb\n'], ['a', 'b']],
    ['CR LF', ['a\r\nb\r\n'], ['a', 'b']],
    ['a lone CR', ['a\rb\r'], ['a', 'b']],
    ['all of them mixed', ['a\rb\nc\r\nd\n\re'], ['a', 'b', 'c', 'd', '', 'e']],
    ['CR LF split over pieces', ['a\r', '\nb\r', '\n'], ['a', 'b']],
    ['CR at the end of a piece and no LF after it', ['a\r', 'b'], ['a', 'b']],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['blank lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['no bytes', [], []],
    ['empty pieces', ['', 'a', '', '\n', ''], ['a']],
    ['a byte order mark at the start', ['\uFEFFa\n\uFEFFb'], ['a', '\uFEFFb']],
    ['other line separators of Unicode, which are text', ['a\u2028b\u0085c\n'], ['a\u2028b\u0085c']],
  ])('splits at %s', async (_name, parts, expected) => {
    expect(await lines(...parts)).toEqual(expected)
  })

  test('a character split over pieces comes out whole', async () => {
    const bytes = utf8('grüße 🙂 東京\n')
    expect(await lines(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['grüße 🙂 東京'])
  })

  test('hands a line out as soon as its end is seen, also when that is a lone CR', async () => {
    let asked = 0
    const source = async function* (): AsyncGenerator<Uint8Array> {
      asked = 1
      yield utf8('first\r')
      asked = 2
      yield utf8('second\n')
    }
    const reader = readLines(source())[Symbol.asyncIterator]()
    expect((await reader.next()).value).toBe('first')
    expect(asked).toBe(1)
  })

  test('leaving the loop leaves the source', async () => {
    let left = false
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield utf8('x\n')
      } finally {
        left = true
      }
    }
    for await (const _line of readLines(source())) break
    expect(left).toBe(true)
  })

  test('hands on what the source throws, after the lines before it', async () => {
    const failure = new Error('cut')
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield utf8('a\nb')
      throw failure
    }
    const got: string[] = []
    await expect(
      (async () => {
        for await (const line of readLines(source())) got.push(line)
      })(),
    ).rejects.toBe(failure)
    expect(got).toEqual(['a'])
  })

  test.each([
    ['in one piece', ['ok\n', 'x'.repeat(11) + '\nmore\n']],
    ['over pieces', ['ok\nxxxxxx', 'xxxxx', 'xx\nmore\n']],
    ['never ended', ['ok\n', 'xxxxxx', 'xxxxxx']],
    ['counted in bytes, not characters', ['ok\nääääää\nmore\n']],
  ])('a line above the cap %s is too-large, after the lines before it', async (_name, parts) => {
    const { items, error } = await drain(readLines(pieces(...parts), { maxLineBytes: 10 }))
    expect(items).toEqual(['ok'])
    expect(error).toMatchObject({ code: 'too-large', fault: 'target' })
  })

  test('a line of exactly the cap passes', async () => {
    const { items, error } = await drain(readLines(pieces('äääää\n', '0123456789'), { maxLineBytes: 10 }))
    expect(error).toBeUndefined()
    expect(items).toEqual(['äääää', '0123456789'])
  })

  test('many small lines in one piece are no problem for the cap', async () => {
    const { items, error } = await drain(readLines(pieces('abc\n'.repeat(1_000)), { maxLineBytes: 10 }))
    expect(error).toBeUndefined()
    expect(items).toHaveLength(1_000)
  })
})

describe('readNdjson', () => {
  test('gives one value a line, skips blank lines, needs no end on the last', async () => {
    const { items, error } = await drain(readNdjson(pieces('{"a":1}\n\n  \r\n[2]\nnull\n"te', 'xt"\n4')))
    expect(error).toBeUndefined()
    expect(items).toEqual([{ a: 1 }, [2], null, 'text', 4])
  })

  test('a malformed line is a bad response that shows the line, after the values before it', async () => {
    const { items, error } = await drain(readNdjson(pieces('{"a":1}\n<html>\n{"b":2}\n')))
    expect(items).toEqual([{ a: 1 }])
    expect(error).toMatchObject({ code: 'bad-response', upstream: { body: '<html>' } })
  })

  test('an end in the middle of a value is truncated', async () => {
    const { items, error } = await drain(readNdjson(pieces('{"a":1}\n{"b":')))
    expect(items).toEqual([{ a: 1 }])
    expect(error).toMatchObject({ code: 'truncated' })
  })

  test('a line above the cap is too-large', async () => {
    const { error } = await drain(readNdjson(pieces('{"a":"', 'x'.repeat(100), '"}\n'), { maxLineBytes: 50 }))
    expect(error?.code).toBe('too-large')
  })

  test('a line of several megabytes within the cap arrives', async () => {
    const text = 'x'.repeat(4_000_000)
    const { items } = await drain(
      readNdjson(pieces(...cutAt(utf8(JSON.stringify(text)), [1_000, 65_536, 3_000_000]))),
    )
    expect(items).toEqual([text])
  })
})

describe('readServerSentEvents', () => {
  test.each<readonly [string, readonly string[], readonly ServerSentEvent[]]>([
    ['one event', ['data: hi\n\n'], [{ event: 'message', data: 'hi' }]],
    ['data without a space', ['data:hi\n\n'], [{ event: 'message', data: 'hi' }]],
    ['only the first space is taken away', ['data:  hi \n\n'], [{ event: 'message', data: ' hi ' }]],
    ['data that holds colons', ['data: a: b:c\n\n'], [{ event: 'message', data: 'a: b:c' }]],
    ['several data lines', ['data: a\ndata\ndata: b\n\n'], [{ event: 'message', data: 'a\n\nb' }]],
    ['empty data', ['data:\n\n'], [{ event: 'message', data: '' }]],
    [
      'comments',
      [': OPENROUTER PROCESSING\n\n:\n\ndata: hi\n: in between\n\n'],
      [{ event: 'message', data: 'hi' }],
    ],
    [
      'named events',
      ['event: ping\ndata: 1\n\ndata: 2\n\n'],
      [
        { event: 'ping', data: '1' },
        { event: 'message', data: '2' },
      ],
    ],
    ['a name without data', ['event: ping\n\ndata: 2\n\n'], [{ event: 'message', data: '2' }]],
    [
      'ids, which stay',
      ['id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n'],
      [
        { event: 'message', data: 'a', id: '7' },
        { event: 'message', data: 'b', id: '7' },
        { event: 'message', data: 'c', id: '' },
      ],
    ],
    ['an id with NUL, which does not count', ['id: a\0b\ndata: x\n\n'], [{ event: 'message', data: 'x' }]],
    [
      'retry and unknown fields',
      ['retry: 10\nfoo: bar\ndatax: no\ndata: x\n\n'],
      [{ event: 'message', data: 'x' }],
    ],
    [
      'several events a packet',
      ['data: a\n\ndata: b\n\ndata: c\n\n'],
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: 'b' },
        { event: 'message', data: 'c' },
      ],
    ],
    ['an event over packets', ['da', 'ta', ': a', 'b\n', '\n'], [{ event: 'message', data: 'ab' }]],
    [
      'CR LF, split',
      ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'],
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: 'b' },
      ],
    ],
    [
      'lone CRs',
      ['data: a\r\rdata: b\r\r'],
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: 'b' },
      ],
    ],
    ['a byte order mark', ['\uFEFFdata: a\n\n'], [{ event: 'message', data: 'a' }]],
    [
      'no blank line at the end',
      ['data: a\n\ndata: [DONE]'],
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: '[DONE]' },
      ],
    ],
    ['nothing but blank lines', ['\n\n\r\n\n'], []],
  ])('reads %s', async (_name, parts, expected) => {
    expect(await events(...parts)).toEqual(expected)
  })

  test('an event is handed out with its blank line, not with the next event', async () => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield utf8('data: a\n\n')
      throw new Error('asked for more than was needed')
    }
    const reader = readServerSentEvents(source())[Symbol.asyncIterator]()
    expect((await reader.next()).value).toEqual({ event: 'message', data: 'a' })
  })

  test.each([
    ['one line', ['data: a\n\ndata: ' + 'x'.repeat(60) + '\n\n']],
    ['many lines of one event', ['data: a\n\n' + 'data: xxxxx\n'.repeat(20)]],
    ['characters of several bytes', ['data: a\n\ndata: äääääääääää\ndata: äääääääääääääää\n\n']],
  ])('data above the cap in %s is too-large, after the events before', async (_name, parts) => {
    const { items, error } = await drain(readServerSentEvents(pieces(...parts), { maxLineBytes: 50 }))
    expect(items).toEqual([{ event: 'message', data: 'a' }])
    expect(error?.code).toBe('too-large')
  })

  test('an event of very many lines is read in reasonable time', async () => {
    const startedAt = performance.now()
    const { items } = await drain(readServerSentEvents(pieces('data: x\n'.repeat(400_000), '\n')))
    expect(items[0]?.data).toHaveLength(799_999)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

/** Bytes that look enough like the formats to reach every branch, with broken UTF-8 in between. */
const streamBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        ':',
        'data: ',
        'data:',
        'event: e',
        'id: 1',
        '{"a":1}',
        '[',
        '"',
        ' ',
        '\uFEFF',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.uint8Array({ maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? utf8(part) : part))))

const places = fc.array(fc.nat(), { maxLength: 12 })

describe('any splitting of any bytes', () => {
  const readers: readonly (readonly [
    string,
    (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<unknown>,
  ])[] = [
    ['readLines', (bytes) => readLines(bytes, { maxLineBytes: 24 })],
    ['readNdjson', (bytes) => readNdjson(bytes, { maxLineBytes: 24 })],
    ['readServerSentEvents', (bytes) => readServerSentEvents(bytes, { maxLineBytes: 24 })],
    ['readLines without a cap in reach', (bytes) => readLines(bytes)],
    ['readServerSentEvents without a cap in reach', (bytes) => readServerSentEvents(bytes)],
  ]

  test.each(readers)('gives the same to %s as the unsplit bytes, and fails alike', async (_name, read) => {
    await fc.assert(
      fc.asyncProperty(streamBytes, places, async (bytes, cuts) => {
        const whole = await drain(read(pieces(bytes)))
        const split = await drain(read(pieces(...cutAt(bytes, cuts))))
        const single = await drain(read(pieces(...Array.from(bytes, (byte) => Uint8Array.of(byte)))))
        expect(split.items).toEqual(whole.items)
        expect(single.items).toEqual(whole.items)
        expect(split.error?.code).toBe(whole.error?.code)
        expect(single.error?.code).toBe(whole.error?.code)
      }),
      { numRuns: 400 },
    )
  })

  test('lines are those of the decoded text', async () => {
    await fc.assert(
      fc.asyncProperty(streamBytes, places, async (bytes, cuts) => {
        const text = new TextDecoder().decode(bytes)
        const expected = text.split(/\r\n|\r|\n/)
        if (expected.at(-1) === '') expected.pop()
        expect(await lines(...cutAt(bytes, cuts))).toEqual(expected)
      }),
      { numRuns: 600 },
    )
  })

  test('random bytes never throw anything but a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), async (parts) => {
        // `drain` fails the test on any other error.
        for (const [, read] of readers) await drain(read(pieces(...parts)))
      }),
      { numRuns: 400 },
    )
  })

  test('values written a line each come back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json({ maxDepth: 2 })), places, async (values, cuts) => {
        const bytes = utf8(values.map((value) => `${value}\n`).join(''))
        const { items, error } = await drain(readNdjson(pieces(...cutAt(bytes, cuts))))
        expect(error).toBeUndefined()
        expect(items).toEqual(values.map((value) => JSON.parse(value) as unknown))
      }),
    )
  })
})
