"""Trains the guide and writes weights, constants, tokenizer and facts.

    python train.py --corpus FILE --dev FOLDER --out FOLDER [--steps NUMBER] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
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
from batches import Batches, answers_of
from teacher import Teacher

PEAK_RATE = 1.5e-3
DROPOUT = 0.15
# The counted vectors hold what thousands of wordings say; they may move, but not be forgotten.
EMBEDDING_RATE = 0.15
# Batches of whole answers, in the first part of the training and in the rest: first it learns to listen.
LISTENING, RECITALS = 0.7, (0.2, 0.6)


def learn_vocabulary(topics, seed: int, size: int):
    sampler = samples.Sampler(topics, seed)
    texts = [question for _, question in sampler.draw(60_000)]
    # Answers are few and said often: each counts so much that its words become tokens.
    texts += [(topic.unsure or "") + topic.answer for topic in topics for _ in range(40)]
    return vocabulary.learn(texts, size)


def constants(*kinds: np.ndarray) -> np.ndarray:
    """For each kind of state a vector that is 1 with its states and 0 with all others, nearly.

    A column of the table of tokens has no constant part; who writes the graph puts one in with these.
    """
    wanted = np.repeat(np.eye(len(kinds)), [len(kind) for kind in kinds], axis=0)
    # Every kind counts alike, however many states there are of it.
    weight = np.concatenate([np.full((len(kind), 1), len(kind) ** -0.5) for kind in kinds])
    return np.linalg.lstsq(np.concatenate(kinds) * weight, wanted * weight, rcond=None)[0].T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4400)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--every", type=int, default=400)
    options = parser.parse_args()

    topics = samples.read(options.corpus)
    shape = model.Shape()
    tokenizer = learn_vocabulary(topics, options.seed + 1, shape.vocabulary - len(topics) - 1)
    counted = lexicon.vectors(samples.Sampler(topics, options.seed + 4), tokenizer, shape.hidden, options.seed + 5)
    names = vocabulary.name_topics(tokenizer, [topic.id for topic in topics])
    shape = model.Shape(vocabulary=tokenizer.get_vocab_size())
    answers = answers_of(topics, tokenizer, names)
    outside = next(number for number, topic in enumerate(topics) if topic.id == samples.OUTSIDE)
    untrained = model.initial(shape, *counted, outside, options.seed)
    weights = {name: jax.numpy.asarray(value) for name, value in untrained.items()}
    size = sum(value.size for value in weights.values())
    questions = development.read(options.dev)
    print(f"{len(topics)} topics, {shape.vocabulary} tokens, {size:,} weights, {len(questions)} questions", flush=True)
    facts = {
        "parameters": size,
        "topics": len(topics),
        "vocabulary": shape.vocabulary,
        "context": shape.context,
        "steps": options.steps,
        "seed": options.seed,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "facts.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    tokenizer.save(str(options.out / "tokenizer.json"))
    # Those of other weights would go unnoticed if this training came to no end.
    (options.out / "constants.npy").unlink(missing_ok=True)

    began = time.time()
    teacher = Teacher(topics, options.seed + 6)
    print(f"the teacher is ready after {time.time() - began:.0f} s", flush=True)
    sampler = samples.Sampler(topics, options.seed + 2)
    source = Batches(sampler, tokenizer, answers, names[0], teacher, options.seed + 3)
    decisions, recitals = source.decisions(), source.recitals()

    # Down to nothing in a straight line: the answers are polished while what decides hardly moves any more.
    rate = optax.join_schedules(
        [optax.linear_schedule(0, PEAK_RATE, 100), optax.linear_schedule(PEAK_RATE, 0, options.steps - 100)], [100]
    )
    mask = {name: value.ndim > 1 for name, value in weights.items()}
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(rate, b2=0.98, weight_decay=0.05, mask=mask)
    )
    state = optimizer.init(weights)

    @partial(jax.jit, donate_argnums=(0, 1), static_argnums=(2, 3))
    def step(weights, state, loss, dropout, batch, key):
        value, slope = jax.value_and_grad(loss)(weights, *batch, shape, dropout, key)
        updates, state = optimizer.update(slope, state, weights)
        updates["embed"] = updates["embed"] * EMBEDDING_RATE
        return optax.apply_updates(weights, updates), state, value

    key = jax.random.key(options.seed)
    rng = random.Random(options.seed + 7)
    losses: dict[str, list] = {"decide": [], "recite": []}
    began = time.time()
    for number in range(1, options.steps + 1):
        recite = rng.random() < RECITALS[number > LISTENING * options.steps]
        batch = vars(next(recitals if recite else decisions)).values()
        loss, dropout = (model.recital_loss, 0.0) if recite else (model.decision_loss, DROPOUT)
        weights, state, value = step(weights, state, loss, dropout, tuple(batch), jax.random.fold_in(key, number))
        losses["recite" if recite else "decide"].append(value)
        if number % 100 == 0:
            means = " ".join(f"{name} {np.mean([float(v) for v in values]):.4f}" for name, values in losses.items())
            losses = {name: [] for name in losses}
            print(f"{number:6} {means} {time.time() - began:6.0f} s", flush=True)
        if number % options.every == 0 or number == options.steps:
            np.savez(options.out / "weights.npz", **{name: np.asarray(value) for name, value in weights.items()})
            counts, _ = development.judge(weights, shape, tokenizer, answers, questions)
            right, asked = (sum(count[index] for count in counts.values()) for index in (0, 1))
            by_heart = development.recited(weights, shape, recitals, 16)
            kinds = {kind: f"{right}/{asked}" for kind, (right, asked) in counts.items()}
            print(f"       development: {right}/{asked} {kinds}, by heart {by_heart:.3f}", flush=True)
    decided = np.concatenate(
        [model.decision_states(weights, each.ids, each.last, shape) for each in itertools.islice(decisions, 20)]
    )
    reciting = [
        np.asarray(model.hidden_states(weights, each.ids, shape))[each.counts > 0] for each in itertools.islice(recitals, 40)
    ]
    np.save(options.out / "constants.npy", constants(decided[:, 0], decided[:, 1], np.concatenate(reciting)))


if __name__ == "__main__":
    main()
