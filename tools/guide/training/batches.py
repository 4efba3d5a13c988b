"""Batches of token ids, each of one length, so that little is padded and few shapes are compiled."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
from tokenizers import Tokenizer

from samples import Sampler, Topic
from vocabulary import ASSISTANT, BEGIN, END, PAD, SPECIAL, USER

# Batches of questions by their length, those of whole answers by that of question and answer.
QUESTION_LENGTHS = (12, 18, 28, 64)
WHOLE_LENGTHS = (72, 104, 176)
TOKENS_A_BATCH = 3072
# An answer begins with the token of its topic: that is the decision, and what most examples are about. The rest is
# learned by heart from fewer.
QUESTION_ONLY = 0.85
BY_HEART = 0.5
# Questions whose words come in pieces.
SCATTERED = 0.3
# Tokens of a longer question that are left out, so that no single one decides.
SKIPPED, SHORT = 0.1, 9

Example = tuple[list[int], list[float]]
Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def prompt(tokenizer: Tokenizer, question: str) -> list[int]:
    return [BEGIN, USER, *tokenizer.encode(question, add_special_tokens=False).ids, END, ASSISTANT]


def answers_of(topics: list[Topic], tokenizer: Tokenizer, names: list[int]) -> dict[str, list[int]]:
    """Token of the topic, what is said, end."""
    return {
        topic.id: [name, *tokenizer.encode(topic.answer, add_special_tokens=False).ids, END]
        for topic, name in zip(topics, names)
    }


class Batches:
    def __init__(
        self,
        sampler: Sampler,
        plain: Tokenizer,
        scattered: Tokenizer,
        answers: dict[str, list[int]],
        seed: int,
        question_only: float = QUESTION_ONLY,
    ) -> None:
        self.sampler, self.plain, self.scattered, self.answers = sampler, plain, scattered, answers
        self.question_only = question_only
        self.rng = random.Random(seed)

    def example(self, topic, question: str) -> tuple[tuple[int, int], Example] | None:
        """Length of the batch it belongs to, most targets a row there, and the tokens."""
        asked = prompt(self.scattered if self.rng.random() < SCATTERED else self.plain, question)
        if len(asked) > SHORT:
            asked = [token for token in asked if token < len(SPECIAL) or self.rng.random() >= SKIPPED]
        question_only = self.rng.random() < self.question_only
        answer = self.answers[topic.id][:1] if question_only else self.answers[topic.id]
        importance = [1.0] + [BY_HEART] * (len(answer) - 1)
        tokens = asked + answer
        lengths = QUESTION_LENGTHS if question_only else WHOLE_LENGTHS
        length = next((each for each in lengths if len(tokens) <= each + 1), None)
        return None if length is None else ((length, 1 if question_only else length), (tokens, importance))

    def __iter__(self) -> Iterator[Batch]:
        waiting: dict[tuple[int, int], list[Example]] = {}
        ready: list[Batch] = []
        while True:
            while len(ready) < 24:
                for topic, question in self.sampler.draw(512):
                    placed = self.example(topic, question)
                    if placed is None:
                        continue
                    kind, example = placed
                    group = waiting.setdefault(kind, [])
                    group.append(example)
                    if len(group) == TOKENS_A_BATCH // kind[0]:
                        ready.append(arrays(group, *kind))
                        waiting[kind] = []
            yield ready.pop(self.rng.randrange(len(ready)))


def arrays(examples: list[Example], length: int, targets_a_row: int) -> Batch:
    """Token ids, the positions after which something is to be said, what, and what it counts."""
    ids = np.full((len(examples), length), PAD, np.int32)
    positions = np.zeros((len(examples), targets_a_row), np.int32)
    targets = np.zeros((len(examples), targets_a_row), np.int32)
    importance = np.zeros((len(examples), targets_a_row), np.float32)
    for row, (tokens, counts) in enumerate(examples):
        said = len(counts)
        asked = len(tokens) - said
        ids[row, : len(tokens) - 1] = tokens[:-1]
        positions[row, :said] = np.arange(asked - 1, len(tokens) - 1)
        targets[row, :said] = tokens[asked:]
        importance[row, :said] = counts
    return ids, positions, targets, importance
