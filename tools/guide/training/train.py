"""Trains the guide and writes it in the layout of a model hub.

    python train.py --corpus FILE --dev FOLDER --out FOLDER [--steps NUMBER] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from functools import partial
from pathlib import Path

import jax
import numpy as np
import optax

import development
import lexicon
import model
import samples
import vocabulary
from batches import TOKENS_A_BATCH, Batches, answers_of

PEAK_RATE = 1.5e-3
DROPOUT = 0.15
# The counted vectors hold what thousands of wordings say; they may move, but not be forgotten.
EMBEDDING_RATE = 0.15
SCATTER = 0.12


def learn_vocabulary(topics, seed: int, size: int):
    sampler = samples.Sampler(topics, seed)
    texts = [question for _, question in sampler.draw(60_000)]
    # Answers are few and said often: each counts so much that its words become tokens.
    texts += [topic.answer for topic in topics for _ in range(40)]
    return vocabulary.learn(texts, size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--every", type=int, default=500)
    options = parser.parse_args()

    topics = samples.read(options.corpus)
    shape = model.Shape()
    tokenizer = learn_vocabulary(topics, options.seed + 1, shape.vocabulary - len(topics))
    counted = lexicon.vectors(samples.Sampler(topics, options.seed + 4), tokenizer, shape.hidden, options.seed + 5)
    names = vocabulary.name_topics(tokenizer, [topic.id for topic in topics])
    shape = model.Shape(vocabulary=tokenizer.get_vocab_size())
    answers = answers_of(topics, tokenizer, names)
    scattered = vocabulary.scattered(tokenizer, SCATTER)
    batches = Batches(samples.Sampler(topics, options.seed + 2), tokenizer, scattered, answers, options.seed + 3)
    questions = development.read(options.dev)
    weights = {name: jax.numpy.asarray(value) for name, value in model.initial(shape, *counted, options.seed).items()}
    size = sum(value.size for value in weights.values())
    print(f"{len(topics)} topics, {shape.vocabulary} tokens, {size:,} weights, {len(questions)} questions", flush=True)
    facts = {
        "parameters": size,
        "topics": len(topics),
        "vocabulary": shape.vocabulary,
        "context": shape.context,
        "steps": options.steps,
        "seed": options.seed,
    }
    (options.out / "facts.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    rate = optax.warmup_cosine_decay_schedule(0, PEAK_RATE, 100, options.steps, PEAK_RATE * 0.02)
    mask = {name: value.ndim > 1 for name, value in weights.items()}
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(rate, b2=0.98, weight_decay=0.05, mask=mask)
    )
    state = optimizer.init(weights)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(weights, state, batch, key):
        value, slope = jax.value_and_grad(model.loss)(weights, *batch, shape, DROPOUT, key)
        updates, state = optimizer.update(slope, state, weights)
        updates["embed"] = updates["embed"] * EMBEDDING_RATE
        return optax.apply_updates(weights, updates), state, value

    key = jax.random.key(options.seed)
    began = time.time()
    losses = []
    for number, batch in enumerate(itertools.islice(iter(batches), options.steps), 1):
        weights, state, value = step(weights, state, batch, jax.random.fold_in(key, number))
        losses.append(value)
        if number % 100 == 0 or number == 10:
            mean = float(np.mean([float(each) for each in losses]))
            losses = []
            spent = time.time() - began
            print(f"{number:6} {mean:.4f} {spent:6.0f} s {number * TOKENS_A_BATCH / spent:7.0f} tokens/s", flush=True)
        if number % options.every == 0 or number == options.steps:
            np.savez(options.out / "weights.npz", **{name: np.asarray(value) for name, value in weights.items()})
            tokenizer.save(str(options.out / "tokenizer.json"))
            counts, wrong = development.judge(weights, shape, tokenizer, answers, questions)
            right, asked = (sum(count[index] for count in counts.values()) for index in (0, 1))
            print(f"       development: {right}/{asked}", {k: f"{a}/{b}" for k, (a, b) in counts.items()}, flush=True)
            if wrong:
                for topic, said, question in wrong:
                    print(f"       {topic} -> {said}: {question}")


if __name__ == "__main__":
    main()
