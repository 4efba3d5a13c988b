"""The graph of a Llama-shaped decoder with a key-value cache, as published models have it.

Inputs: `input_ids`, `attention_mask`, `position_ids`, `past_key_values.<layer>.key|value`; outputs: `logits`,
`present.<layer>.key|value`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import onnx

from graph import FLOAT, INT64, Graph


class Shape(Protocol):
    """The numbers of `config.json` that shape the graph."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    context: int
    rope_theta: float
    eps: float


def rotate(g: Graph, x: str, cos: str, sin: str, size: int) -> str:
    half = size // 2
    left, right = g.slice_last(x, 0, half), g.slice_last(x, half, size)
    turned = g.op("Concat", g.op("Neg", right), left, axis=-1)
    return g.op("Add", g.op("Mul", x, cos), g.op("Mul", turned, sin))


def build(name: str, w: dict[str, np.ndarray], shape: Shape) -> onnx.ModelProto:
    """Weights by name: `embed`, `norm`, `head`, and of each layer `0.norm`, `0.post`, `0.q` `k` `v` `o`, `0.gate` `up` `down`."""
    vocab = w["embed"].shape[0]
    head_dim, kv_heads = shape.head_dim, shape.kv_heads
    g = Graph(name)
    ids = g.input("input_ids", INT64, ["batch_size", "sequence_length"])
    mask = g.input("attention_mask", INT64, ["batch_size", "total_sequence_length"])
    positions = g.input("position_ids", INT64, ["batch_size", "sequence_length"])
    cache = []
    for layer in range(shape.layers):
        # The runtime builds the empty cache from these shapes: only `batch_size` is known to it by name, any
        # other symbol becomes 0, so heads and head size are numbers.
        dims = ["batch_size", kv_heads, "past_sequence_length", head_dim]
        cache.append([g.input(f"past_key_values.{layer}.{part}", FLOAT, dims) for part in ("key", "value")])

    # Positions go through a table of their own numbers, so that one beyond the context is an error, as in
    # models that carry rotary tables, and not silently something else.
    table = g.weight("positions", np.arange(shape.context))
    place = g.op("Unsqueeze", g.op("Gather", table, positions, name="positions"), g.ints(1, 3))
    speed = shape.rope_theta ** -(np.arange(head_dim // 2) * 2 / head_dim)
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
    group = shape.heads // kv_heads
    for layer in range(shape.layers):
        h = g.rms_norm(x, f"{layer}.norm", w[f"{layer}.norm"], shape.eps)

        def heads(name: str, count: int) -> str:
            y = g.linear(h, f"{layer}.{name}", w[f"{layer}.{name}"])
            return g.op("Transpose", g.reshape(y, 0, 0, count, head_dim), perm=[0, 2, 1, 3])

        query = rotate(g, heads("q", shape.heads), cos, sin, head_dim)
        key = rotate(g, heads("k", kv_heads), cos, sin, head_dim)
        value = heads("v", kv_heads)
        past_key, past_value = cache[layer]
        key = g.op("Concat", past_key, key, axis=2)
        value = g.op("Concat", past_value, value, axis=2)
        dims = ["batch_size", kv_heads, "total_sequence_length", head_dim]
        g.output(key, f"present.{layer}.key", FLOAT, dims)
        g.output(value, f"present.{layer}.value", FLOAT, dims)

        # Each key head serves a group of query heads: give the groups an axis of their own and broadcast.
        query = g.op("Mul", query, g.number(head_dim**-0.5))
        grouped = g.op("Concat", g.ints(0, kv_heads, group), query_count, g.ints(head_dim), axis=0)
        query = g.op("Reshape", query, grouped)
        key = g.op("Transpose", g.op("Unsqueeze", key, g.ints(2)), perm=[0, 1, 2, 4, 3])
        scores = g.op("Add", g.op("MatMul", query, key), bias)
        mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), g.op("Unsqueeze", value, g.ints(2)))
        mixed = g.op("Reshape", mixed, g.op("Concat", g.ints(0, shape.heads), query_count, g.ints(head_dim), axis=0))
        mixed = g.reshape(g.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, shape.heads * head_dim)
        x = g.op("Add", x, g.linear(mixed, f"{layer}.o", w[f"{layer}.o"]))

        h = g.rms_norm(x, f"{layer}.post", w[f"{layer}.post"], shape.eps)
        gate = g.linear(h, f"{layer}.gate", w[f"{layer}.gate"])
        gate = g.op("Mul", gate, g.op("Sigmoid", gate))
        up = g.linear(h, f"{layer}.up", w[f"{layer}.up"])
        x = g.op("Add", x, g.linear(g.op("Mul", gate, up), f"{layer}.down", w[f"{layer}.down"]))

    h = g.rms_norm(x, "norm", w["norm"], shape.eps)
    logits = g.linear(h, "head", w["head"])
    g.output(logits, "logits", FLOAT, ["batch_size", "sequence_length", vocab])
    # By convention the first output.
    g.outputs.insert(0, g.outputs.pop())
    return g.model()
