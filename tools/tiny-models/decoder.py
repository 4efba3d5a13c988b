"""tiny-chat: a Llama-shaped decoder whose weights are written so that greedy text is known beforehand.

The residual stream holds, for every token, a few flags and a code. The output matrix reads from the code of a
token the token that follows it. Two attention heads look back into the prompt: one lets a trigger choose the
answer, one lets a trigger end it. All other weights are small random numbers, so that every part of the
network takes part and a wrong cache, mask or position shows in the logits.
"""

from __future__ import annotations

import numpy as np
import onnx

from graph import FLOAT, INT64, Graph
from script import BRIEF, END, END_OF_TEXT, OPENING, SPECIAL, TRACKS, TRIGGERS
from tokenizer import BYTES, spell

HIDDEN = 40
LAYERS = 2
HEADS = 4
KV_HEADS = 2
HEAD_DIM = HIDDEN // HEADS
INTERMEDIATE = 32
CONTEXT = 512
# With so large a base the slowest rotary pairs hardly turn within the context: what a head compares there is
# content, whatever the distance.
ROPE_THETA = 500000.0
EPS = 1e-5

# Dimensions of the residual stream.
ONE, ASK, STOP, BEGIN, OTHER = range(5)
FLAG = {trigger.track: 5 + index for index, trigger in enumerate(TRIGGERS)}
FIRST_CODE = 5 + len(TRIGGERS)
CODES = HIDDEN - FIRST_CODE

# Scores before the softmax. All queries rest on the first token unless they find a trigger.
REST, FOUND, STEP = 12.0, 24.0, 12.0
# Logit of the scripted token in greedy text; sampled text at temperature 1 leaves the script now and then.
LOGIT = 9.0
NOISE = 0.01


def spread_out(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Unit vectors that have been pushed apart: fewer dimensions than tokens, so they cannot be orthogonal."""
    codes = rng.standard_normal((count, size))
    for _ in range(300):
        codes /= np.linalg.norm(codes, axis=1, keepdims=True)
        overlap = codes @ codes.T
        np.fill_diagonal(overlap, 0)
        codes -= 0.5 * (overlap**3) @ codes
    return codes / np.linalg.norm(codes, axis=1, keepdims=True)


def grid(values: np.ndarray) -> np.ndarray:
    """Rounds, so that the last bits of one machine's linear algebra do not reach the files."""
    return np.round(np.asarray(values, np.float64) * 2048) / 2048


def successors(vocabulary: dict[str, int]) -> tuple[dict[int, int], dict[str, int]]:
    """Token id to the id that follows it, and the first token of each track that a trigger starts."""
    follow: dict[int, int] = {}
    first: dict[str, int] = {}

    def identify(piece: str | int) -> int:
        if isinstance(piece, int):
            return vocabulary[BYTES[piece]]
        return vocabulary[piece] if piece in vocabulary else vocabulary[spell(piece)]

    def then(left: int, right: int) -> None:
        if follow.setdefault(left, right) != right:
            raise ValueError(f"token {left} occurs twice in the script")

    for name, track in TRACKS.items():
        ids = [identify(piece) for piece in track]
        first[name] = ids[0]
        for left, right in zip(ids, ids[1:]):
            then(left, right)
    ring = [identify(piece) for piece in TRACKS["ring"]]
    then(ring[-1], ring[0])
    then(vocabulary["<|assistant|>"], vocabulary[OPENING])
    then(vocabulary[OPENING], ring[1])
    return follow, first


def weights(vocabulary: dict[str, int], seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = len(vocabulary)
    follow, first = successors(vocabulary)
    started = [trigger for trigger in TRIGGERS if trigger is not BRIEF]
    codes = spread_out(len(follow) + len(TRIGGERS), CODES, rng)
    code = {token: codes[index] for index, token in enumerate(follow)}
    chosen = {trigger.track: codes[len(follow) + index] for index, trigger in enumerate(TRIGGERS)}
    full_stop = vocabulary["."]

    embedding = np.zeros((size, HIDDEN))
    embedding[:, ONE] = 1
    for token in range(size):
        if token in code:
            embedding[token, FIRST_CODE:] = code[token]
        else:
            embedding[token, OTHER] = 1
            loose = rng.standard_normal(CODES)
            embedding[token, FIRST_CODE:] = 0.4 * loose / np.linalg.norm(loose)
    embedding[vocabulary["<|assistant|>"], ASK] = 1
    embedding[full_stop, STOP] = 1
    embedding[vocabulary["<|begin|>"], BEGIN] = 1
    for trigger in TRIGGERS:
        for form in trigger.forms:
            token = vocabulary[form] if form in vocabulary else vocabulary[spell(form)]
            embedding[token, FLAG[trigger.track]] = 1

    out = {"embed": embedding}
    for layer in range(LAYERS):
        for name, shape in {
            "q": (HIDDEN, HEADS * HEAD_DIM),
            "k": (HIDDEN, KV_HEADS * HEAD_DIM),
            "v": (HIDDEN, KV_HEADS * HEAD_DIM),
            "o": (HEADS * HEAD_DIM, HIDDEN),
            "gate": (HIDDEN, INTERMEDIATE),
            "up": (HIDDEN, INTERMEDIATE),
            "down": (INTERMEDIATE, HIDDEN),
        }.items():
            scale = NOISE if name in ("o", "down") else 0.1
            out[f"{layer}.{name}"] = scale * rng.standard_normal(shape)
        out[f"{layer}.norm"] = np.ones(HIDDEN)
        out[f"{layer}.post"] = np.ones(HIDDEN)

    def normed(token: int, dim: int) -> float:
        row = embedding[token]
        return row[dim] / np.sqrt(np.mean(row**2) + EPS)

    # Heads 0 and 1 of the first layer share key and value head 0. Of that head's dimensions, pair `choose` finds
    # triggers for the start of an answer, pair `end` those for its end, and `rest` is where all queries lie.
    half = HEAD_DIM // 2
    choose, rest, end = half - 1, HEAD_DIM - 1, half - 2
    q, k, v, o = (out[f"0.{name}"] for name in "qkvo")
    q[:, : 2 * HEAD_DIM] = 0
    k[:, :HEAD_DIM] = 0
    v[:, :HEAD_DIM] = 0
    o[: 2 * HEAD_DIM] = 0
    root = np.sqrt(HEAD_DIM)
    begin, assistant = vocabulary["<|begin|>"], vocabulary["<|assistant|>"]
    for head in range(2):
        q[ONE, head * HEAD_DIM + rest] = 2.0
    # The weakest resting query is that of the token with the largest norm: measure there.
    weakest = min(normed(token, ONE) for token in range(size))
    k[BEGIN, rest] = REST * root / (2.0 * weakest * normed(begin, BEGIN))
    for trigger in TRIGGERS:
        token = vocabulary[trigger.forms[0]] if trigger.forms[0] in vocabulary else vocabulary[spell(trigger.forms[0])]
        flag = FLAG[trigger.track]
        column = end if trigger is BRIEF else choose
        asking = normed(full_stop, STOP) if trigger is BRIEF else normed(assistant, ASK)
        k[flag, column] = (FOUND + STEP * (trigger.strength - 1)) * root / (3.0 * asking * normed(token, flag))
        v[flag, flag - 5] = 1 / normed(token, flag)
    q[ASK, choose] = 3.0
    q[STOP, HEAD_DIM + end] = 3.0
    # Finding a trigger replaces the code that would lead on by the one that leads elsewhere.
    for trigger in started:
        row = FLAG[trigger.track] - 5
        o[row, FIRST_CODE:] = 1.2 * chosen[trigger.track] - code[assistant]
    o[HEAD_DIM + FLAG[BRIEF.track] - 5, FIRST_CODE:] = 1.2 * chosen[BRIEF.track] - code[full_stop]

    head = np.zeros((HIDDEN, size))
    for left, right in follow.items():
        head[FIRST_CODE:, right] += code[left]
    for trigger in started:
        head[FIRST_CODE:, first[trigger.track]] += chosen[trigger.track]
    head[FIRST_CODE:, vocabulary[END]] += chosen[BRIEF.track]
    # After anything that the script does not know, the ring begins.
    head[OTHER, vocabulary[spell(" This")]] = 1.2
    # What nobody wants to read in sampled text is held down; the end tokens are left within reach.
    printable = {spell(chr(byte)) for byte in range(32, 127)}
    scripted = {*follow.values(), *first.values()}
    for token, index in vocabulary.items():
        if token in SPECIAL:
            head[ONE, index] = 0.05 if token in (END, END_OF_TEXT) else -0.6
        elif len(token) == 1 and token not in printable and index not in scripted:
            head[ONE, index] = -0.5
    # Undo the norm of a token in the script: flag ONE and a unit code.
    out["head"] = LOGIT * head / np.sqrt(HIDDEN / 2)
    out["norm"] = np.ones(HIDDEN)
    return {name: grid(value) for name, value in out.items()}


def rotate(g: Graph, x: str, cos: str, sin: str) -> str:
    half = HEAD_DIM // 2
    left, right = g.slice_last(x, 0, half), g.slice_last(x, half, HEAD_DIM)
    turned = g.op("Concat", g.op("Neg", right), left, axis=-1)
    return g.op("Add", g.op("Mul", x, cos), g.op("Mul", turned, sin))


def build(w: dict[str, np.ndarray]) -> onnx.ModelProto:
    vocab = w["embed"].shape[0]
    g = Graph("tiny-chat")
    ids = g.input("input_ids", INT64, ["batch_size", "sequence_length"])
    mask = g.input("attention_mask", INT64, ["batch_size", "total_sequence_length"])
    positions = g.input("position_ids", INT64, ["batch_size", "sequence_length"])
    cache = []
    for layer in range(LAYERS):
        # The runtime builds the empty cache from these shapes: only `batch_size` is known to it by name, any
        # other symbol becomes 0, so heads and head size are numbers.
        shape = ["batch_size", KV_HEADS, "past_sequence_length", HEAD_DIM]
        cache.append([g.input(f"past_key_values.{layer}.{part}", FLOAT, shape) for part in ("key", "value")])

    # Positions go through a table of their own numbers, so that one beyond the context is an error, as in
    # models that carry rotary tables, and not silently something else.
    table = g.weight("positions", np.arange(CONTEXT))
    place = g.op("Unsqueeze", g.op("Gather", table, positions, name="positions"), g.ints(1, 3))
    speed = ROPE_THETA ** -(np.arange(HEAD_DIM // 2) * 2 / HEAD_DIM)
    angle = g.op("Mul", place, g.weight("rotary", np.concatenate([speed, speed])))
    cos, sin = g.op("Cos", angle), g.op("Sin", angle)

    # A query sees the keys up to its own, less those that the attention mask hides.
    total = g.dim(mask, 1)
    query_count = g.dim(ids, 1)
    zero, one = g.number(0, np.int64), g.number(1, np.int64)
    last = g.op("Squeeze", total)
    keys_at = g.op("Range", zero, last, one)
    queries_at = g.op("Range", g.op("Squeeze", g.op("Sub", total, query_count)), last, one)
    causal = g.op("LessOrEqual", keys_at, g.op("Unsqueeze", queries_at, g.ints(1)))
    shown = g.op("Cast", g.op("Unsqueeze", mask, g.ints(1, 2)), to=9)
    visible = g.op("And", causal, shown)
    bias = g.op("Where", visible, g.number(0.0), g.number(-1e9))
    bias = g.op("Unsqueeze", bias, g.ints(1))

    x = g.op("Gather", g.weight("embed", w["embed"]), ids, name="embed")
    group = HEADS // KV_HEADS
    for layer in range(LAYERS):
        h = g.rms_norm(x, f"{layer}.norm", w[f"{layer}.norm"], EPS)

        def heads(name: str, count: int) -> str:
            y = g.linear(h, f"{layer}.{name}", w[f"{layer}.{name}"])
            return g.op("Transpose", g.reshape(y, 0, 0, count, HEAD_DIM), perm=[0, 2, 1, 3])

        query = rotate(g, heads("q", HEADS), cos, sin)
        key = rotate(g, heads("k", KV_HEADS), cos, sin)
        value = heads("v", KV_HEADS)
        past_key, past_value = cache[layer]
        key = g.op("Concat", past_key, key, axis=2)
        value = g.op("Concat", past_value, value, axis=2)
        shape = ["batch_size", KV_HEADS, "total_sequence_length", HEAD_DIM]
        g.output(key, f"present.{layer}.key", FLOAT, shape)
        g.output(value, f"present.{layer}.value", FLOAT, shape)

        # Each key head serves a group of query heads: give the groups an axis of their own and broadcast.
        query = g.op("Mul", query, g.number(HEAD_DIM**-0.5))
        grouped = g.op("Concat", g.ints(0, KV_HEADS, group), query_count, g.ints(HEAD_DIM), axis=0)
        query = g.op("Reshape", query, grouped)
        key = g.op("Transpose", g.op("Unsqueeze", key, g.ints(2)), perm=[0, 1, 2, 4, 3])
        scores = g.op("Add", g.op("MatMul", query, key), bias)
        mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), g.op("Unsqueeze", value, g.ints(2)))
        mixed = g.op("Reshape", mixed, g.op("Concat", g.ints(0, HEADS), query_count, g.ints(HEAD_DIM), axis=0))
        mixed = g.reshape(g.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, HEADS * HEAD_DIM)
        x = g.op("Add", x, g.linear(mixed, f"{layer}.o", w[f"{layer}.o"]))

        h = g.rms_norm(x, f"{layer}.post", w[f"{layer}.post"], EPS)
        gate = g.linear(h, f"{layer}.gate", w[f"{layer}.gate"])
        gate = g.op("Mul", gate, g.op("Sigmoid", gate))
        up = g.linear(h, f"{layer}.up", w[f"{layer}.up"])
        x = g.op("Add", x, g.linear(g.op("Mul", gate, up), f"{layer}.down", w[f"{layer}.down"]))

    h = g.rms_norm(x, "norm", w["norm"], EPS)
    logits = g.linear(h, "head", w["head"])
    g.output(logits, "logits", FLOAT, ["batch_size", "sequence_length", vocab])
    # By convention the first output.
    g.outputs.insert(0, g.outputs.pop())
    return g.model()


def config(vocabulary: dict[str, int]) -> dict[str, object]:
    ends = [vocabulary["<|end|>"], vocabulary["<|endoftext|>"]]
    begin, pad = vocabulary["<|begin|>"], vocabulary["<|pad|>"]
    return {
        "config.json": {
            "architectures": ["LlamaForCausalLM"],
            "attention_bias": False,
            "attention_dropout": 0.0,
            "bos_token_id": begin,
            "eos_token_id": ends,
            "head_dim": HEAD_DIM,
            "hidden_act": "silu",
            "hidden_size": HIDDEN,
            "initializer_range": 0.02,
            "intermediate_size": INTERMEDIATE,
            "max_position_embeddings": CONTEXT,
            "mlp_bias": False,
            "model_type": "llama",
            "num_attention_heads": HEADS,
            "num_hidden_layers": LAYERS,
            "num_key_value_heads": KV_HEADS,
            "pad_token_id": pad,
            "pretraining_tp": 1,
            "rms_norm_eps": EPS,
            "rope_scaling": None,
            "rope_theta": ROPE_THETA,
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
            "use_cache": True,
            "vocab_size": len(vocabulary),
        },
        "generation_config.json": {"bos_token_id": begin, "eos_token_id": ends, "pad_token_id": pad},
    }
