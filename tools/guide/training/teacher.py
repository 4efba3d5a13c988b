"""What the guide is taught by: a linear classifier over words, pairs of words and pieces of words.

It knows a hundred times as many features as the guide has room for, and tells topics apart better than the guide learns
to from the same wordings alone. So the guide learns to judge as it does, also of questions that nobody wrote.
"""

from __future__ import annotations

import random

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

import patterns
from noise import noisy
from samples import Topic, english

# Texts of one wording: as it is written, and with slips and other words.
TEXTS = 2
# Of one topic, so that what is about anything else does not drown the rest.
WORDINGS = 16_000
PENALTY = 0.3
# Turns distances into odds; measured on the development set.
SHARPNESS = 8.0


class Teacher:
    def __init__(self, topics: list[Topic], seed: int) -> None:
        rng = random.Random(seed)
        texts, labels = [], []
        for number, topic in enumerate(topics):
            for wording in rng.sample(topic.wordings, min(WORDINGS, len(topic.wordings))):
                for again in range(TEXTS):
                    text = patterns.say(wording, rng).lower()
                    texts.append(noisy(text, rng, english(topic.id)) if again else text)
                    labels.append(number)
        self.features = make_union(
            TfidfVectorizer(
                analyzer="word", ngram_range=(1, 2), token_pattern=r"[\w'./-]+", sublinear_tf=True, min_df=2, dtype=np.float32
            ),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=3, dtype=np.float32),
        )
        known = self.features.fit_transform(texts)
        judge = LinearSVC(C=PENALTY, max_iter=60, random_state=seed)
        judge.fit(known, labels)
        self.weights = judge.coef_.T.astype(np.float32)
        self.bias = judge.intercept_.astype(np.float32)

    def distances(self, questions: list[str]) -> np.ndarray:
        return self.features.transform(questions) @ self.weights + self.bias

    def __call__(self, questions: list[str]) -> np.ndarray:
        """For each question, how likely each topic is."""
        odds = SHARPNESS * self.distances(questions)
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)
