"""Training examples out of the corpus: which topic, which wording, which slips."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import patterns
from noise import noisy

# What is about anything else than OpenMux.
OUTSIDE = "outside"


@dataclass
class Topic:
    id: str
    answer: str
    # Said in front where the guide is not sure that it is asked about OpenMux; nothing where the answer says so itself,
    # none where the guide then rather says that it does not know.
    unsure: str | None
    wordings: list
    share: float


def english(topic: str) -> bool:
    return not topic.startswith("language:")


def read(path: Path) -> list[Topic]:
    topics = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        wordings = [patterns.parse(pattern) for pattern in entry["patterns"]]
        wordings += [[question] for question in entry["questions"]]
        topics.append(Topic(entry["id"], entry["answer"], entry["unsure"], wordings, entry["share"]))
    total = sum(topic.share for topic in topics)
    for topic in topics:
        topic.share /= total
    return topics


class Sampler:
    def __init__(self, topics: list[Topic], seed: int) -> None:
        self.topics = topics
        self.rng = random.Random(seed)
        self.shares = [topic.share for topic in topics]

    def draw(self, count: int) -> list[tuple[Topic, str]]:
        """`count` topics with a question each."""
        drawn = []
        for topic in self.rng.choices(self.topics, self.shares, k=count):
            question = patterns.say(self.rng.choice(topic.wordings), self.rng)
            drawn.append((topic, noisy(question, self.rng, english(topic.id))))
        return drawn
