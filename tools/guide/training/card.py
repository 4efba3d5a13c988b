"""The README.md of the model's folder, in the form of a model card."""

from __future__ import annotations

CARD = """\
---
license: mit
library_name: transformers.js
pipeline_tag: text-generation
language: en
---

# openmux/nano

The guide that is built into OpenMux. It explains how OpenMux is set up and used when no real model can answer, and
knows nothing else.

- A Llama-shaped decoder with {parameters:,} weights: {layers} layers of {hidden} dimensions, {heads} query heads over
  {kv_heads} key heads, a vocabulary of {vocabulary:,} byte-pair tokens, a context of {context} tokens. 8-bit weights in
  `onnx/model_quantized.onnx`, with a key-value cache, in the layout of a model hub.
- Trained from nothing on questions and answers about {topics} topics that were written for it, on two CPU cores, from a
  seed: `tools/guide` in the repository. No text, weights or data from elsewhere.
- It reads the last question only, in lower case. A conversation before it, and a system prompt, do not count.

## What it cannot do

- **Anything but OpenMux.** It has no knowledge of the world and no reasoning; to every other question it is taught to
  say so. Where it is not sure that OpenMux is meant, it says that in front of its answer. Now and then it mistakes a
  question for another one that it knows.
- **Think.** It knows answers by heart and picks one. Two questions in one get one answer; a detail of your own setup is
  not in any of them.
- **Other languages.** In some twenty of them it says politely who it is and how to get a real model.
- **Code, tools, JSON, images, long texts.** OpenMux never asks it for those.
- **Stay true for ever.** It knows OpenMux as it was when it was trained; `openmux --help` and the documentation win.

How often it is right, on questions that it was never trained on, stands in `docs/guide.md` of the repository.

Licence: MIT.
"""
