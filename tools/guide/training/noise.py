"""The ways in which people write the same question: in front of it, behind it, and with slips of the finger."""

from __future__ import annotations

import random

from synonyms import reworded

# How often a word that has others for it is replaced, in half of all questions.
REWORDED = 0.25

BEFORE = (
    "hi,", "hey", "hello,", "hello!", "please", "pls", "ok,", "so,", "quick question:", "question:", "sorry,",
    "can you tell me", "could you tell me", "do you know", "i want to know", "tell me", "hm,", "um", "excuse me,",
    "i wonder", "i'm new here.", "i am new to this.", "one more thing:", "and", "but", "just", "well,", "help!",
    "can you help me?", "i need help:", "newbie question:", "good morning.",
)  # fmt: skip
BEHIND = (
    "please", "pls", "thanks", "thank you", "thx", "?", "??", "!", "help", "please help", "any idea?", "anyone?",
    "i'm stuck", "how?", "right now", "...", "then", "exactly", "now", "here", "for me", "today", "again",
)  # fmt: skip
NEIGHBOURS = {
    "a": "sqwz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb",
    "i": "ujko", "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp", "p": "ol", "q": "wa",
    "r": "edft", "s": "awedxz", "t": "rfgy", "u": "yhji", "v": "cfgb", "w": "qase", "x": "zsdc", "y": "tghu", "z": "asx",
}  # fmt: skip


def slip(word: str, rng: random.Random) -> str:
    """A word with one mistake."""
    at = rng.randrange(len(word))
    kind = rng.random()
    if kind < 0.3 and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if kind < 0.55 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice(NEIGHBOURS.get(word[at], word[at])) + word[at + 1 :]


def noisy(question: str, rng: random.Random, english: bool) -> str:
    """The question in lower case, as the template of the model gives it, and sometimes dressed or misspelt."""
    text = question.lower()
    if english and rng.random() < 0.5:
        text = reworded(text, rng, REWORDED)
    if english and rng.random() < 0.12:
        text = f"{rng.choice(BEFORE)} {text}"
    if english and rng.random() < 0.1:
        text = f"{text} {rng.choice(BEHIND)}"
    if rng.random() < 0.35:
        text = text.rstrip("?!. ")
    elif rng.random() < 0.1:
        text = text.rstrip("?!. ") + rng.choice(["?", ".", "!", " ?", "?!"])
    if rng.random() < 0.08:
        text = text.replace("'", "")
    if rng.random() < 0.06:
        text = text.replace(",", "").replace(".", "")
    words = text.split(" ")
    if english and len(words) > 5 and rng.random() < 0.08:
        del words[rng.randrange(len(words))]
    rate = 0.0 if rng.random() < 0.75 else 0.18
    words = [slip(word, rng) if len(word) > 2 and rng.random() < rate else word for word in words]
    return " ".join(words) or question
