"""tiny-chat: a Llama-shaped decoder whose weights are written so that greedy text is known beforehand.

The residual stream holds, for every token, a few flags and a code. The output matrix reads from the code of a
token the token that follows it. Two attention heads look back into the prompt: one lets a trigger choose the
answer, one lets a trigger end it. All other weights are small random numbers, so that every part of the
network takes part and a wrong cache, mask or position shows in the logits.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import onnx

import llama_graph
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

SHAPE = SimpleNamespace(
    layers=LAYERS,
    heads=HEADS,
    kv_heads=KV_HEADS,
    head_dim=HEAD_DIM,
    context=CONTEXT,
    rope_theta=ROPE_THETA,
    eps=EPS,
)

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


def build(w: dict[str, np.ndarray]) -> onnx.ModelProto:
    return llama_graph.build("tiny-chat", w, SHAPE)


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
