"""Wordings with parts that vary: `(how do i|how can i) use (my|) ollama`."""

from __future__ import annotations

import random
import re


def parse(pattern: str) -> list:
    """A pattern as a sequence of texts and of choices between sequences."""
    sequence, rest = _sequence(pattern, 0, top=True)
    assert rest == len(pattern)
    return sequence


def _sequence(text: str, at: int, top: bool) -> tuple[list, int]:
    parts: list = []
    plain = ""
    while at < len(text) and (top or text[at] not in "|)"):
        if text[at] == "(" and _is_choice(text, at):
            parts.append(plain)
            plain = ""
            choices = []
            at += 1
            while True:
                choice, at = _sequence(text, at, top=False)
                choices.append(choice)
                closed = text[at] == ")"
                at += 1
                if closed:
                    break
            parts.append(choices)
        else:
            plain += text[at]
            at += 1
    parts.append(plain)
    return parts, at


def _is_choice(text: str, at: int) -> bool:
    """Brackets without a bar inside are brackets."""
    depth = 0
    for character in text[at:]:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 1:
            return True
        if depth == 0:
            return False
    return False


def say(sequence: list, rng: random.Random) -> str:
    """One wording."""
    words = "".join(part if isinstance(part, str) else say(rng.choice(part), rng) for part in sequence)
    return re.sub(r"\s+", " ", words).strip()
