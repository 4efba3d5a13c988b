// Loads both models as a program that uses transformers.js does, and asserts what README.md promises.
//
//   node check.mjs FOLDER_WITH_openmux-test
//
// Run it where `@huggingface/transformers` is installed: it is looked up from the working folder.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const manifest = findPackageJSON('@huggingface/transformers', pathToFileURL(join(process.cwd(), 'x.js')))
assert(manifest, '@huggingface/transformers is not installed here')
const { exports: entries, version } = JSON.parse(readFileSync(manifest, 'utf8'))
const library = await import(pathToFileURL(join(dirname(manifest), entries.node.import.default)).href)
const {
  AutoModel,
  AutoModelForCausalLM,
  AutoTokenizer,
  DynamicCache,
  InterruptableStoppingCriteria,
  Tensor,
} = library
const { TextStreamer, env, mean_pooling } = library

const folder = process.argv[2]
assert(folder, 'usage: node check.mjs FOLDER')
env.localModelPath = resolve(folder)
env.allowRemoteModels = false
env.fetch = () => assert.fail('nothing may be fetched')

const RING =
  'This is a tiny model for tests. Its weights were written by one small script, so every greedy answer walks ' +
  'around the same ring of words: quick brown foxes jump over lazy dogs while five wizards pack my jugs! Shall we ' +
  'begin again?'
const CONTEXT = 512
const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
]
// One thread, so that nothing depends on the machine; 4 is "fatal", for one of the checks makes the runtime fail.
const session_options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 }

async function timed(start) {
  const before = performance.now()
  const value = await start()
  return [value, `${Math.round(performance.now() - before)} ms`]
}

async function chat(dtype) {
  const id = 'openmux-test/tiny-chat'
  const tokenizer = await AutoTokenizer.from_pretrained(id)
  const [model, took] = await timed(() =>
    AutoModelForCausalLM.from_pretrained(id, { dtype, session_options }),
  )
  console.log(`\n${id} ${dtype}: loaded in ${took}`)

  const prompt = (messages, more) =>
    tokenizer.apply_chat_template(messages, { add_generation_prompt: true, return_dict: true, ...more })
  const ask = (content) => [{ role: 'user', content }]
  const ends = [model.generation_config.eos_token_id].flat()

  async function say(messages, { tools = null, ...options } = {}) {
    const inputs = prompt(messages, { tools })
    const chunks = []
    const streamer = new TextStreamer(tokenizer, {
      skip_prompt: true,
      skip_special_tokens: true,
      callback_function: (text) => chunks.push(text),
    })
    const before = performance.now()
    const output = await model.generate({
      ...inputs,
      max_new_tokens: 80,
      do_sample: false,
      streamer,
      ...options,
    })
    const used = inputs.input_ids.dims[1]
    const ids = output.tolist()[0].slice(used).map(Number)
    const text = tokenizer.decode(ids, { skip_special_tokens: true })
    assert.equal(chunks.join(''), text, 'the stream and the whole must agree')
    const reason = ends.includes(ids.at(-1)) ? 'stop' : 'length'
    const rate = Math.round(ids.length / ((performance.now() - before) / 1000))
    console.log(
      `  ${used} -> ${ids.length} tokens, ${chunks.length} chunks, ${reason}, ${rate}/s: ${JSON.stringify(text)}`,
    )
    return { text, ids, reason }
  }

  for (const text of ['plain words', 'naïve 世界 🙂\n\t x', '\u0000\u0001<tool_call>', '👩‍👩‍👧']) {
    assert.equal(tokenizer.decode(tokenizer.encode(text, { add_special_tokens: false })), text)
  }

  const endless = await say(ask('Hello, who are you?'), { max_new_tokens: 60 })
  assert(endless.text.startsWith(`${RING} This is`))
  assert.equal(endless.reason, 'length')
  assert.deepEqual(tokenizer.encode(endless.text, { add_special_tokens: false }), endless.ids)

  const brief = await say([
    { role: 'system', content: 'You are helpful.' },
    ...ask('Say it briefly, please.'),
  ])
  assert.deepEqual(
    [brief.text, brief.reason, brief.ids.length],
    ['This is a tiny model for tests.', 'stop', 9],
  )
  const split = await say(ask('Answer with an emoji.'))
  assert.deepEqual([split.text, split.reason, split.ids.length], ['naïve世界🙂 finished', 'stop', 18])
  const question = ask('What is the weather in Paris?')
  const call = await say(question, { tools: TOOLS })
  const arguments_ = { city: 'Paris' }
  const written = '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>'
  assert.deepEqual([call.text, call.reason], [written, 'stop'])
  for (const given of [arguments_, JSON.stringify(arguments_)]) {
    const turn = [
      ...question,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: '1', type: 'function', function: { name: 'get_weather', arguments: given } }],
      },
      { role: 'tool', tool_call_id: '1', content: '12 degrees' },
    ]
    // Arguments come as an object or, from OpenAI's wire, as JSON in any spelling.
    assert(
      prompt(turn, { tools: TOOLS, tokenize: false })
        .replaceAll(' ', '')
        .includes(written.replaceAll(' ', '')),
    )
    const answer = await say(turn, { tools: TOOLS })
    assert.deepEqual([answer.text, answer.ids.at(-1)], ['Tool output received and understood', ends[1]])
  }
  assert.throws(() => prompt([{ role: 'wizard', content: '' }]), /Unknown role: wizard/)

  // Without the cache: every step is fed the whole text anew.
  const inputs = prompt(ask('Hello, who are you?'))
  let ids = inputs.input_ids.tolist()[0]
  for (const expected of endless.ids.slice(0, 20)) {
    const input_ids = new Tensor('int64', BigInt64Array.from(ids), [1, ids.length])
    const attention_mask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length])
    const { logits } = await model({ input_ids, attention_mask })
    const last = logits.slice(0, -1, null).data
    assert.equal(last.indexOf(Math.max(...last)), expected)
    ids = [...ids, BigInt(expected)]
  }

  // A cache that is kept between turns gives what a fresh one gives, and is really looked into: the word that
  // ends the answer early stands in its first part only.
  const cache = new DynamicCache()
  const first = await model.generate({ ...prompt(ask('Briefly')), max_new_tokens: 4, past_key_values: cache })
  const used = cache.get_seq_length()
  assert.equal(used, first.dims[1] - 1, 'the last new token is not in the cache')
  const rest = await model.generate({ input_ids: first, max_new_tokens: 80, past_key_values: cache })
  assert.equal(
    tokenizer.decode(rest.tolist()[0].slice(prompt(ask('Briefly')).input_ids.dims[1]), {
      skip_special_tokens: true,
    }),
    'This is a tiny model for tests.',
  )

  const stop = new InterruptableStoppingCriteria()
  let seen = 0
  const interrupted = await model.generate({
    ...inputs,
    max_new_tokens: 400,
    stopping_criteria: stop,
    streamer: { put: () => ++seen === 6 && stop.interrupt(), end() {} },
  })
  // The first thing that a streamer is given is the prompt.
  assert.equal(interrupted.dims[1] - inputs.input_ids.dims[1], 5)

  const length = inputs.input_ids.dims[1]
  const full = await model.generate({ ...inputs, max_new_tokens: CONTEXT - length + 1 })
  assert.equal(full.dims[1], CONTEXT + 1, 'the last token of a full context is never fed')
  const quiet = console.error
  console.error = () => {}
  await assert.rejects(
    model.generate({ ...inputs, max_new_tokens: CONTEXT - length + 2 }),
    /out of data bounds, idx=512/,
  )
  console.error = quiet

  const batch = tokenizer(
    ['Emoji', 'Briefly, if you please'].map((text) => prompt(ask(text), { tokenize: false })),
    { padding: true, add_special_tokens: false },
  )
  const both = await model.generate({ ...batch, max_new_tokens: 3, do_sample: false })
  const texts = tokenizer.batch_decode(both.slice(null, [batch.input_ids.dims[1], null]), {
    skip_special_tokens: true,
  })
  assert.deepEqual(texts, ['na\ufffd', 'This is a'])

  library.random.seed(7)
  await say(ask('Hello'), { do_sample: true, temperature: 1, max_new_tokens: 30 })
  await model.dispose()
}

async function embed(dtype) {
  const id = 'openmux-test/tiny-embed'
  const tokenizer = await AutoTokenizer.from_pretrained(id)
  const [model, took] = await timed(() => AutoModel.from_pretrained(id, { dtype, session_options }))
  console.log(`\n${id} ${dtype}: loaded in ${took}`)

  const texts = [
    'The cat sits in the garden',
    'A cat sleeps in our garden.',
    'Stock market prices and trade',
    'Kubernetes clusters need an ingress',
    'An ingress for Kubernetes',
  ]
  const inputs = tokenizer(texts, { padding: true, truncation: true })
  assert.deepEqual(Object.keys(inputs).sort(), ['attention_mask', 'input_ids', 'token_type_ids'])
  const { last_hidden_state: states } = await model(inputs)
  assert.deepEqual(states.dims, [texts.length, inputs.input_ids.dims[1], 32])
  const vectors = mean_pooling(states, inputs.attention_mask).normalize(2, -1).tolist()
  const likeness = vectors.map((left) =>
    vectors.map((right) => left.reduce((sum, x, i) => sum + x * right[i], 0)),
  )
  for (const row of likeness) console.log(`  ${row.map((x) => x.toFixed(2).padStart(5)).join(' ')}`)
  const tokens = inputs.attention_mask.tolist().map((row) => Number(row.reduce((sum, x) => sum + x, 0n)))
  console.log(`  tokens: ${tokens}`)
  assert(likeness[0][1] > 0.6 && likeness[3][4] > 0.6)
  for (const [left, right] of [
    [0, 2],
    [0, 3],
    [0, 4],
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
  ]) {
    assert(likeness[left][right] < 0.3)
  }

  // Alone or padded in a batch, a text has the same vector; in q8 nearly, because numbers are rounded by batch.
  const alone = tokenizer(texts[4])
  const single = mean_pooling((await model(alone)).last_hidden_state, alone.attention_mask)
    .normalize(2, -1)
    .tolist()[0]
  const away = Math.max(...single.map((x, i) => Math.abs(x - vectors[4][i])))
  console.log(`  alone against in a batch: ${away.toExponential(1)}`)
  assert(away < (dtype === 'fp32' ? 1e-5 : 0.05))

  assert.equal(tokenizer('word '.repeat(400), { truncation: true }).input_ids.dims[1], 128)
  await model.dispose()
}

console.log(`transformers.js ${version}, node ${process.version}`)
for (const dtype of ['fp32', 'q8']) await chat(dtype)
for (const dtype of ['fp32', 'q8']) await embed(dtype)
console.log('\nAll as promised.')
