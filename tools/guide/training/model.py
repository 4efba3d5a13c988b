"""The guide's network: a small Llama. Weights are named as the writer of the graph names them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import jax
import jax.numpy as jnp
import numpy as np


# Of the vector of a topic's token.
LENGTH = 0.6
# How loud the gathered words are at first, beside the word itself.
GATHERED = 0.4


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 5760
    hidden: int = 256
    layers: int = 2
    heads: int = 8
    kv_heads: int = 8
    intermediate: int = 256
    context: int = 512
    rope_theta: float = 10000.0
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


def initial(shape: Shape, tokens: np.ndarray, topics: np.ndarray, outside: int, seed: int) -> dict[str, np.ndarray]:
    """Weights before training: `tokens` and `topics` come with a meaning (see `lexicon`), and the first layer gathers it.

    Its attention looks at all words alike and hands on what they say; all others add nothing yet. `topics`, vectors by
    column, are what their tokens, the last of the vocabulary, are told by and look like. In front of them comes the token
    that says "unsure", which is told by what tells the topic number `outside`.
    """
    rng = np.random.default_rng(seed)

    def normal(rows: int, columns: int, scale: float) -> np.ndarray:
        return (scale * rng.standard_normal((rows, columns))).astype(np.float32)

    d, key = shape.hidden, shape.kv_heads * shape.head_dim
    unsure = rng.standard_normal((d, 1))
    named = np.concatenate([unsure, topics], axis=1)
    named = LENGTH * (named / np.linalg.norm(named, axis=0)).T
    weights = {
        "embed": np.concatenate([tokens, named]).astype(np.float32),
        "head": np.concatenate([normal(d, len(tokens), 0.02), topics[:, [outside]], topics], axis=1).astype(np.float32),
        "norm": np.ones(d, np.float32),
    }
    for layer in range(shape.layers):
        first = layer == 0
        weights |= {
            f"{layer}.norm": np.ones(d, np.float32),
            f"{layer}.post": np.ones(d, np.float32),
            f"{layer}.q": normal(d, d, (0.1 if first else 1) * d**-0.5),
            f"{layer}.k": normal(d, key, (0.1 if first else 1) * d**-0.5),
            f"{layer}.v": np.eye(d, key, dtype=np.float32) if first else normal(d, key, d**-0.5),
            f"{layer}.o": GATHERED * np.eye(d, dtype=np.float32) if first else normal(d, d, 0.01 * d**-0.5),
            f"{layer}.gate": normal(d, shape.intermediate, d**-0.5),
            f"{layer}.up": normal(d, shape.intermediate, d**-0.5),
            f"{layer}.down": normal(shape.intermediate, d, 0.01 * shape.intermediate**-0.5),
        }
    return weights


def rms_norm(x, scale, eps):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + eps) * scale


def rotate(x, cos, sin):
    left, right = jnp.split(x, 2, axis=-1)
    return x * cos + jnp.concatenate([-right, left], axis=-1) * sin


def drop(x, rate, key):
    if key is None:
        return x
    # A byte a number: drawing them is a tenth of the work otherwise.
    kept = jax.random.bits(key, x.shape, jnp.uint8) >= round(rate * 256)
    return jnp.where(kept, x / (1 - rate), 0)


def hidden_states(weights, ids, shape: Shape, rate: float = 0.0, key=None):
    """What stands behind the last layer, of a batch of sequences that begin at position 0."""
    batch, length = ids.shape
    half = shape.head_dim // 2
    speed = shape.rope_theta ** -(jnp.arange(half) * 2 / shape.head_dim)
    angle = jnp.arange(length)[:, None] * jnp.concatenate([speed, speed])[None, :]
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    bias = jnp.where(jnp.tril(jnp.ones((length, length), bool)), 0.0, -1e9)
    keys = [None] * (2 * shape.layers + 1) if key is None else list(jax.random.split(key, 2 * shape.layers + 1))
    x = drop(weights["embed"][ids], rate, keys[-1])
    group = shape.heads // shape.kv_heads
    for layer in range(shape.layers):
        h = rms_norm(x, weights[f"{layer}.norm"], shape.eps)

        def heads(name, count):
            return (h @ weights[f"{layer}.{name}"]).reshape(batch, length, count, shape.head_dim).swapaxes(1, 2)

        query = rotate(heads("q", shape.heads), cos, sin) * shape.head_dim**-0.5
        key_ = jnp.repeat(rotate(heads("k", shape.kv_heads), cos, sin), group, axis=1)
        value = jnp.repeat(heads("v", shape.kv_heads), group, axis=1)
        scores = jax.nn.softmax(query @ key_.swapaxes(-1, -2) + bias, axis=-1)
        mixed = (scores @ value).swapaxes(1, 2).reshape(batch, length, shape.hidden)
        x = x + drop(mixed @ weights[f"{layer}.o"], rate, keys[2 * layer])
        h = rms_norm(x, weights[f"{layer}.post"], shape.eps)
        gated = jax.nn.silu(h @ weights[f"{layer}.gate"]) * (h @ weights[f"{layer}.up"])
        x = x + drop(gated @ weights[f"{layer}.down"], rate, keys[2 * layer + 1])
    return rms_norm(x, weights["norm"], shape.eps)


def logits_of(weights, states):
    return states @ weights["head"]


def decision_states(weights, ids, last, shape: Shape, rate: float = 0.0, key=None):
    """What stands behind the last layer where is decided what to say: after the tokens at `last` and after the next ones.

    By question, then the two.
    """
    places = jnp.stack([last, last + 1], axis=1)[:, :, None]
    return jnp.take_along_axis(hidden_states(weights, ids, shape, rate, key), places, axis=1)


def decision_loss(weights, ids, last, likely, shape: Shape, rate: float, key):
    """How far from what is `likely`, for both decisions of each question, they are. "Unsure" and the topics are the last tokens."""
    states = decision_states(weights, ids, last, shape, rate, key)
    said = jax.nn.log_softmax(logits_of(weights, states))[..., -likely.shape[-1] :]
    return -(likely * said).sum(-1).mean()


def recital_loss(weights, ids, targets, counts, shape: Shape, rate: float, key):
    """Mean negative log likelihood of the targets that count."""
    logits = logits_of(weights, hidden_states(weights, ids, shape, rate, key))
    picked = jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return ((jax.nn.logsumexp(logits, axis=-1) - picked) * counts).sum() / counts.sum()
