"""How many development questions get the right answer, and how many answers are known by heart, while training goes on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from batches import Recitals, prompt
from model import decision_states, hidden_states, logits_of
from vocabulary import PAD, UNSURE

LENGTH = 64


@partial(jax.jit, static_argnums=(3,))
def next_tokens(weights, ids, last, shape):
    """What is said first, and second if that is "unsure"."""
    return jnp.argmax(logits_of(weights, decision_states(weights, ids, last, shape)), axis=-1)


def read(folder: Path) -> list[tuple[str, str]]:
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            questions.append((entry["topic"], entry["question"].lower().strip()))
    return questions


def decisions(weights, shape, tokenizer, questions: list[str]) -> np.ndarray:
    """The token of the topic that each answer would be about."""
    unsure = tokenizer.token_to_id(UNSURE)
    asked = [[*prompt(tokenizer, question)[: LENGTH - 1], unsure] for question in questions]
    ids = np.full((len(asked), LENGTH), PAD, np.int32)
    for row, tokens in enumerate(asked):
        ids[row, : len(tokens)] = tokens
    first, second = np.asarray(next_tokens(weights, ids, np.array([len(tokens) - 2 for tokens in asked]), shape)).T
    return np.where(first == unsure, second, first)


def judge(weights, shape, tokenizer, answers, questions: list[tuple[str, str]]) -> tuple[dict[str, list[int]], list]:
    """Right and asked by kind of topic, and the wrong ones."""
    topics = {answer.hidden[-1]: topic for topic, several in answers.items() for answer in several}
    counts: dict[str, list[int]] = {}
    wrong = []
    for start in range(0, len(questions), 128):
        part = questions[start : start + 128]
        padded = part + [part[-1]] * (128 - len(part))
        for (topic, question), chosen in zip(part, decisions(weights, shape, tokenizer, [q for _, q in padded])):
            kind = topic.split(":")[0] if ":" in topic else topic if topic == "outside" else "other"
            count = counts.setdefault(kind, [0, 0])
            count[1] += 1
            said = topics.get(int(chosen))
            if said == topic:
                count[0] += 1
            else:
                wrong.append((topic, said, question))
    return counts, wrong


@partial(jax.jit, static_argnums=(3,))
def known(weights, ids, targets, shape):
    """Which positions would say their target."""
    return jnp.argmax(logits_of(weights, hidden_states(weights, ids, shape)), axis=-1) == targets


def recited(weights, shape, batches: Iterator[Recitals], count: int) -> float:
    """The share of answers that would be said word for word, in `count` batches."""
    right = []
    for batch in itertools.islice(batches, count):
        right += list(np.all(np.asarray(known(weights, batch.ids, batch.targets, shape)) | (batch.counts == 0), axis=1))
    return float(np.mean(right))
