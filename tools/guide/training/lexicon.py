"""What each token says about the topic, counted before anything is trained.

The table of log odds "token in a question of this topic against any topic" is factored, so that every token and every
topic gets a vector and their product is about the log odds. A network whose tokens begin with these vectors knows the
words' meanings from the start and has to learn only how they work together; from random vectors that takes most of an
hour.
"""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer

from samples import Sampler

QUESTIONS = 90_000
SMOOTHING = 0.003
# Tokens that say more than nine of ten say the most that can be said.
QUANTILE, SURE = 0.9, 0.97
# Of every token's vector, and of every topic's.
LENGTH, TOPIC_LENGTH = 0.6, 4.0


def counts(sampler: Sampler, tokenizer: Tokenizer) -> np.ndarray:
    """Share of each topic's questions that have the token."""
    numbers = {topic.id: number for number, topic in enumerate(sampler.topics)}
    # All alike: this is about what tells them apart, not about how often they are asked.
    sampler.shares = [1.0] * len(numbers)
    seen = np.zeros((tokenizer.get_vocab_size(), len(numbers)))
    asked = np.zeros(len(numbers))
    drawn = sampler.draw(QUESTIONS)
    for (topic, _), encoded in zip(drawn, tokenizer.encode_batch([question for _, question in drawn])):
        seen[np.unique(encoded.ids), numbers[topic.id]] += 1
        asked[numbers[topic.id]] += 1
    return seen / np.maximum(asked, 1)


def vectors(sampler: Sampler, tokenizer: Tokenizer, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A vector of `size` for each token, all of one length, and one for each topic."""
    share = counts(sampler, tokenizer)
    odds = np.log((share + SMOOTHING) / (share.mean(axis=1, keepdims=True) + SMOOTHING))
    left, strength, right = np.linalg.svd(odds, full_matrices=False)
    rank = size - 1
    token = left[:, :rank] * np.sqrt(strength[:rank])
    topic = (right[:rank].T * np.sqrt(strength[:rank])).T
    # The network brings every vector to one length before it looks. How much a token says would be lost; so it goes
    # into the direction: the less it says, the more it points to a place of its own.
    rng = np.random.default_rng(seed)
    token = token + 0.02 * np.median(np.linalg.norm(token, axis=1)) * rng.standard_normal(token.shape)
    length = np.linalg.norm(token, axis=1)
    says = np.minimum(SURE, length / np.quantile(length, QUANTILE))
    token = token / np.maximum(length, 1e-9)[:, None] * says[:, None]
    token = np.concatenate([token, np.sqrt(1 - says**2)[:, None]], axis=1) * LENGTH
    topic = np.concatenate([topic, np.zeros((1, topic.shape[1]))], axis=0)
    topic = TOPIC_LENGTH * topic / np.linalg.norm(topic, axis=0)
    return token.astype(np.float32), topic.astype(np.float32)
