"""Batches of token ids, each of one kind and length, so that little is padded and few shapes are compiled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from tokenizers import Tokenizer

from samples import OUTSIDE, Sampler, Topic
from vocabulary import ASSISTANT, BEGIN, END, PAD, SPECIAL, USER

TOKENS_A_BATCH = 3072
QUESTION_LENGTHS = (12, 18, 28, 64)
RECITAL_LENGTHS = (64, 104, 176)
# Questions whose words come in pieces, as those of misspelt ones do, and how often one is cut at a letter. (The tokenizer
# could leave out merges itself, but by chances that no seed brings back.)
SCATTERED, CUT = 0.15, 0.1
# Tokens of a longer question that are left out, so that no single one decides.
SKIPPED, SHORT = 0.1, 9
# How far the teacher is believed, against the topic that the wording was written for.
TRUST = 0.5
# Questions put together from pieces of two, of which only the teacher knows what they are about; and from two that are
# about anything else, as the pieces are too, whatever they remind the teacher of.
MIXED, MIXED_OUTSIDE = 0.25, 0.2
# How much oftener than others of its share the answer is recited that may follow any words.
ANYTHING = 3


@dataclass
class Decisions:
    """Questions with "unsure" behind them, where each ends, and how likely what is said to it.

    That is "unsure" or a topic after the question, and a topic after "unsure".
    """

    ids: np.ndarray
    last: np.ndarray
    likely: np.ndarray


@dataclass
class Recitals:
    """Questions with their whole answers, and of which positions the next token counts."""

    ids: np.ndarray
    targets: np.ndarray
    counts: np.ndarray


def prompt(tokenizer: Tokenizer, *pieces: str) -> list[int]:
    """The pieces of a question, whose words are not put together across them."""
    question = [token for piece in pieces for token in tokenizer.encode(piece, add_special_tokens=False).ids]
    return [BEGIN, USER, *question, END, ASSISTANT]


def scattered(question: str, rng: random.Random) -> list[str]:
    cuts = [0, *(place for place in range(1, len(question)) if rng.random() < CUT), len(question)]
    return [question[start:end] for start, end in pairwise(cuts)]


@dataclass
class Answer:
    """Tokens that nobody sees, and what is said. No decision counts here; the rest is learned by heart."""

    hidden: list[int]
    said: list[int]


def answers_of(topics: list[Topic], tokenizer: Tokenizer, names: list[int]) -> dict[str, list[Answer]]:
    """What may be said for each topic: at once, and when unsure."""

    def text(words: str) -> list[int]:
        return tokenizer.encode(words, add_special_tokens=False).ids

    unsure, *topic_names = names
    answers: dict[str, list[Answer]] = {}
    for topic, name in zip(topics, topic_names):
        said = [*text(topic.answer), END]
        # Not to know is decided last.
        answers[topic.id] = [] if topic.id == OUTSIDE else [Answer([name], said)]
        if topic.unsure is not None:
            answers[topic.id].append(Answer([unsure, name], [*text(topic.unsure), *said]))
    return answers


def fitting(length: int, lengths: tuple[int, ...]) -> int | None:
    return next((each for each in lengths if length <= each), None)


class Batches:
    """An answer begins with the token of its topic, or with "unsure" and that token.

    That is the decision, and what most batches are about. The rest follows from these tokens alone and is learned by heart,
    of every topic about equally often.
    """

    def __init__(
        self,
        sampler: Sampler,
        tokenizer: Tokenizer,
        answers: dict[str, list[Answer]],
        unsure: int,
        teacher: Callable[[list[str]], np.ndarray],
        seed: int,
    ) -> None:
        self.sampler, self.tokenizer, self.answers, self.teacher = sampler, tokenizer, answers, teacher
        self.unsure = unsure
        self.numbers = {topic.id: number for number, topic in enumerate(sampler.topics)}
        self.only_sure = [number for number, topic in enumerate(sampler.topics) if topic.unsure is None]
        self.rng = random.Random(seed)

    def prompt(self, question: str) -> list[int]:
        pieces = scattered(question, self.rng) if self.rng.random() < SCATTERED else [question]
        asked = prompt(self.tokenizer, *pieces)
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

    def both(self, topics: np.ndarray) -> np.ndarray:
        """What is likely as the first thing to say and as the second, where `topics` are what a question is about."""
        outside = self.numbers[OUTSIDE]
        first, second = np.insert(topics, 0, topics[outside]), np.insert(topics, 0, 0)
        first[1 + outside] = 0
        only_sure = [1 + number for number in self.only_sure]
        second[1 + outside] += second[only_sure].sum()
        second[only_sure] = 0
        return np.stack([first, second])

    def decisions(self) -> Iterator[Decisions]:
        waiting: dict[int, list[tuple[list[int], np.ndarray]]] = {}
        while True:
            for question, topics in self.questions(512):
                tokens = [*self.prompt(question), self.unsure]
                length = fitting(len(tokens), QUESTION_LENGTHS)
                if length is None:
                    continue
                group = waiting.setdefault(length, [])
                group.append((tokens, topics))
                if len(group) == TOKENS_A_BATCH // length:
                    last = np.array([len(tokens) - 2 for tokens, _ in group])
                    likely = np.stack([self.both(topics) for _, topics in group]).astype(np.float32)
                    yield Decisions(padded([tokens for tokens, _ in group], length), last, likely)
                    waiting[length] = []

    def recitals(self) -> Iterator[Recitals]:
        waiting: dict[int, list[tuple[list[int], Answer]]] = {}
        every = Sampler(self.sampler.topics, self.rng.randrange(2**32))
        # Hardly more often for being asked more; but what is said to anything at all must be known after anything.
        often = [ANYTHING if topic.id == OUTSIDE else 1 for topic in every.topics]
        every.shares = [each * share**0.5 for each, share in zip(often, every.shares)]
        while True:
            for topic, question in every.draw(64):
                asked, answer = self.prompt(question), self.rng.choice(self.answers[topic.id])
                length = fitting(len(asked) + len(answer.hidden) + len(answer.said) - 1, RECITAL_LENGTHS)
                if length is None:
                    continue
                group = waiting.setdefault(length, [])
                group.append((asked, answer))
                if len(group) == TOKENS_A_BATCH // length:
                    yield recitals_of(group, length)
                    waiting[length] = []


def recitals_of(examples: list[tuple[list[int], Answer]], length: int) -> Recitals:
    said = [asked + answer.hidden + answer.said for asked, answer in examples]
    counts = np.zeros((len(examples), length), np.float32)
    for row, (asked, answer) in enumerate(examples):
        # Behind the token of the topic: which topic it is, is decided elsewhere.
        start = len(asked) + len(answer.hidden) - 1
        counts[row, start : start + len(answer.said)] = 1
    return Recitals(
        padded([tokens[:-1] for tokens in said], length), padded([tokens[1:] for tokens in said], length), counts
    )


def padded(rows: list[list[int]], length: int) -> np.ndarray:
    ids = np.full((len(rows), length), PAD, np.int32)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
    return ids
