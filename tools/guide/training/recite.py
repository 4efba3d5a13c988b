"""Second stage: the trained guide learns its answers by heart. Whole answers only, after questions it understands by now.

    python recite.py --corpus FILE --out FOLDER [--steps NUMBER] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import itertools
import time
from functools import partial
from pathlib import Path

import jax
import numpy as np
import optax
from tokenizers import Tokenizer

import batches
import model
import samples
import vocabulary

PEAK_RATE = 1.5e-3
QUESTION_ONLY = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args()

    topics = samples.read(options.corpus)
    saved = np.load(options.out / "weights.npz")
    weights = {name: jax.numpy.asarray(saved[name]) for name in saved.files}
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer.json"))
    shape = model.Shape(vocabulary=tokenizer.get_vocab_size())
    names = [tokenizer.token_to_id(f"<|{topic.id}|>") for topic in topics]
    answers = batches.answers_of(topics, tokenizer, names)
    # As often as before: with all topics alike it would forget how often a question is about none of them.
    sampler = samples.Sampler(topics, options.seed + 6)
    scattered = vocabulary.scattered(tokenizer, 0.1)
    source = batches.Batches(sampler, tokenizer, scattered, answers, options.seed + 7, QUESTION_ONLY)

    rate = optax.warmup_cosine_decay_schedule(0, PEAK_RATE, 20, options.steps, PEAK_RATE * 0.02)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, b2=0.98, weight_decay=0.0))
    state = optimizer.init(weights)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(weights, state, batch, key):
        value, slope = jax.value_and_grad(model.loss)(weights, *batch, shape, 0.0, key)
        updates, state = optimizer.update(slope, state, weights)
        # What words mean is settled.
        updates["embed"] = updates["embed"] * 0.05
        return optax.apply_updates(weights, updates), state, value

    key = jax.random.key(options.seed + 8)
    began = time.time()
    for number, batch in enumerate(itertools.islice(iter(source), options.steps), 1):
        weights, state, value = step(weights, state, batch, jax.random.fold_in(key, number))
        if number % 50 == 0:
            print(f"{number:6} {float(value):.4f} {time.time() - began:6.0f} s", flush=True)
    np.savez(options.out / "weights.npz", **{name: np.asarray(value) for name, value in weights.items()})


if __name__ == "__main__":
    main()
