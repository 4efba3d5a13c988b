"""Batches of token ids, each of one kind and length, so that little is padded and few shapes are compiled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from samples import OUTSIDE, Sampler, Topic
from vocabulary import ASSISTANT, BEGIN, END, PAD, SPECIAL, USER

TOKENS_A_BATCH = 3072
QUESTION_LENGTHS = (12, 18, 28, 64)
RECITAL_LENGTHS = (64, 104, 176)
# Questions whose words come in pieces.
SCATTERED = 0.15
# Tokens of a longer question that are left out, so that no single one decides.
SKIPPED, SHORT = 0.1, 9
# How far the teacher is believed, against the topic that the wording was written for.
TRUST = 0.5
# Questions put together from pieces of two, of which only the teacher knows what they are about; and from two that are
# about anything else, as the pieces are too, whatever they remind the teacher of.
MIXED, MIXED_OUTSIDE = 0.25, 0.2


@dataclass
class Decisions:
    """Questions, where each ends, and how likely each topic is."""

    ids: np.ndarray
    last: np.ndarray
    topics: np.ndarray


@dataclass
class Recitals:
    """Questions with their whole answers, and of which positions the next token counts."""

    ids: np.ndarray
    targets: np.ndarray
    counts: np.ndarray


def prompt(tokenizer: Tokenizer, question: str) -> list[int]:
    return [BEGIN, USER, *tokenizer.encode(question, add_special_tokens=False).ids, END, ASSISTANT]


def answers_of(topics: list[Topic], tokenizer: Tokenizer, names: list[int]) -> dict[str, list[int]]:
    """Token of the topic, what is said, end."""
    return {
        topic.id: [name, *tokenizer.encode(topic.answer, add_special_tokens=False).ids, END]
        for topic, name in zip(topics, names)
    }


def fitting(length: int, lengths: tuple[int, ...]) -> int | None:
    return next((each for each in lengths if length <= each), None)


class Batches:
    """An answer begins with the token of its topic: that is the decision, and what most batches are about.

    The rest follows from that token alone and is learned by heart, of every topic about equally often.
    """

    def __init__(
        self,
        sampler: Sampler,
        plain: Tokenizer,
        scattered: Tokenizer,
        answers: dict[str, list[int]],
        teacher: Callable[[list[str]], np.ndarray],
        seed: int,
    ) -> None:
        self.sampler, self.plain, self.scattered, self.answers, self.teacher = sampler, plain, scattered, answers, teacher
        self.numbers = {topic.id: number for number, topic in enumerate(sampler.topics)}
        self.rng = random.Random(seed)

    def prompt(self, question: str) -> list[int]:
        asked = prompt(self.scattered if self.rng.random() < SCATTERED else self.plain, question)
        if len(asked) <= SHORT:
            return asked
        return [token for token in asked if token < len(SPECIAL) or self.rng.random() >= SKIPPED]

    def mixed(self, one: list[str], other: list[str]) -> str:
        """The beginning of one question and the end of another, or some words of one or both."""
        kind = self.rng.random()
        if kind < 0.4:
            words = one[: self.rng.randint(1, len(one))] + other[self.rng.randrange(len(other)) :]
        elif kind < 0.8:
            share = self.rng.uniform(0.3, 0.8)
            words = [word for word in one if self.rng.random() < share] or one[:1]
        else:
            words = self.rng.sample(one, min(len(one), self.rng.randint(1, 3)))
            words += self.rng.sample(other, min(len(other), self.rng.randint(0, 2)))
        return " ".join(words)

    def questions(self, count: int) -> Iterator[tuple[str, np.ndarray]]:
        """Each with how likely each topic is."""
        drawn = self.sampler.draw(count)
        outside = [each for each in drawn if each[0].id == OUTSIDE]
        pairs = [self.rng.sample(drawn, 2) for _ in range(int(count * MIXED))]
        pairs += [self.rng.sample(outside, 2) for _ in range(int(count * MIXED_OUTSIDE))]
        mixed = [self.mixed(one.split(), other.split()) for (_, one), (_, other) in pairs]
        asked = [question for _, question in drawn] + mixed
        # What two questions have in common, their pieces are about.
        known = [topic for topic, _ in drawn] + [one if one is other else None for (one, _), (other, _) in pairs]
        likely = self.teacher(asked)
        for row, topic in enumerate(known):
            if topic is not None:
                trust = TRUST if row < len(drawn) else 0
                likely[row] *= trust
                likely[row, self.numbers[topic.id]] += 1 - trust
        return zip(asked, likely)

    def decisions(self) -> Iterator[Decisions]:
        waiting: dict[int, list[tuple[list[int], np.ndarray]]] = {}
        while True:
            for question, likely in self.questions(512):
                tokens = self.prompt(question)
                length = fitting(len(tokens), QUESTION_LENGTHS)
                if length is None:
                    continue
                group = waiting.setdefault(length, [])
                group.append((tokens, likely))
                if len(group) == TOKENS_A_BATCH // length:
                    last = np.array([len(tokens) - 1 for tokens, _ in group])
                    topics = np.stack([likely for _, likely in group]).astype(np.float32)
                    yield Decisions(padded([tokens for tokens, _ in group], length), last, topics)
                    waiting[length] = []

    def recitals(self) -> Iterator[Recitals]:
        waiting: dict[int, list[tuple[list[int], list[int]]]] = {}
        every = Sampler(self.sampler.topics, self.rng.randrange(2**32))
        # Hardly more often for being asked more; but what is said to anything at all must be known after anything.
        every.shares = [share**0.5 for share in every.shares]
        while True:
            for topic, question in every.draw(64):
                asked, answer = self.prompt(question), self.answers[topic.id]
                length = fitting(len(asked) + len(answer) - 1, RECITAL_LENGTHS)
                if length is None:
                    continue
                group = waiting.setdefault(length, [])
                group.append((asked, answer))
                if len(group) == TOKENS_A_BATCH // length:
                    yield recitals_of(group, length)
                    waiting[length] = []


def recitals_of(examples: list[tuple[list[int], list[int]]], length: int) -> Recitals:
    said = [asked + answer for asked, answer in examples]
    counts = np.zeros((len(examples), length), np.float32)
    for row, (asked, answer) in enumerate(examples):
        # Behind the token of the topic: which topic it is, is decided elsewhere.
        counts[row, len(asked) : len(asked) + len(answer) - 1] = 1
    return Recitals(
        padded([tokens[:-1] for tokens in said], length), padded([tokens[1:] for tokens in said], length), counts
    )


def padded(rows: list[list[int]], length: int) -> np.ndarray:
    ids = np.full((len(rows), length), PAD, np.int32)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
    return ids
