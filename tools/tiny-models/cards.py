"""The README.md of each model folder, in the form of a model card."""

from __future__ import annotations

CHAT = """\
---
license: mit
library_name: transformers.js
pipeline_tag: text-generation
tags:
  - test-fixture
---

# openmux-test/tiny-chat

A test fixture of OpenMux, not for use. It is a Llama-shaped decoder with {parameters} parameters, {layers} layers,
{heads} query heads and {kv_heads} key heads of {head_dim} dimensions, a vocabulary of {vocab} tokens and a context of
{context} tokens. Nothing was trained: `tools/tiny-models` writes the weights from a script, so that greedy text is
known beforehand, and adds small random numbers everywhere else.

Files: `onnx/model.onnx` (fp32), `onnx/model_quantized.onnx` (q8).

Licence: MIT.
"""

EMBED = """\
---
license: mit
library_name: transformers.js
pipeline_tag: feature-extraction
tags:
  - test-fixture
---

# openmux-test/tiny-embed

A test fixture of OpenMux, not for use. It is a BERT-shaped encoder with {parameters} parameters, {layers} layer,
{hidden} dimensions, a vocabulary of {vocab} word pieces and a context of {context} tokens; sentence vectors are the
normalized mean over the tokens. Nothing was trained: `tools/tiny-models` draws a random vector for each piece, so that
texts which share words are near each other and nothing else is meant.

Files: `onnx/model.onnx` (fp32), `onnx/model_quantized.onnx` (q8).

Licence: MIT.
"""
