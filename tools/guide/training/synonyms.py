"""Words that people use for each other. One in a question is now and then replaced by another of its group, so that the
guide hears the newcomer's word for a thing also where nobody wrote it down."""

from __future__ import annotations

import pathlib
import random
import re

GROUPS = tuple(
    _line
    for _line in pathlib.Path(__file__).with_name("synonyms.txt").read_text(encoding="utf-8").splitlines()
    if _line and not _line.startswith("#")
)

_OTHERS: dict[str, list[str]] = {}
for _group in GROUPS:
    _words = _group.split("|")
    for _word in _words:
        _OTHERS.setdefault(_word, []).extend(word for word in _words if word != _word)
_ANY = re.compile(r"(?<![\w`'/-])(" + "|".join(sorted(map(re.escape, _OTHERS), key=len, reverse=True)) + r")(?![\w`'/-])")


def reworded(text: str, rng: random.Random, rate: float) -> str:
    """`text`, in lower case, with some words replaced by others of their group."""
    return _ANY.sub(lambda found: rng.choice(_OTHERS[found[1]]) if rng.random() < rate else found[1], text)
