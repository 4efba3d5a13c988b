"""What tiny-chat says, and the words that make it say something else.

The model is a Markov chain over tokens, so within all tracks together a token has exactly one successor:
no word may occur twice. `make.py` refuses a script that breaks this.
"""

from __future__ import annotations

from dataclasses import dataclass

SPECIAL = [
    "<|begin|>",
    "<|end|>",
    # A second end token, as many real models have: a reader of generation_config.json must take a list.
    "<|endoftext|>",
    "<|pad|>",
    "<|tools|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|tool|>",
]
# In the text that a caller sees even when special tokens are skipped, as in the models that call tools.
TAGS = ["<tool_call>", "</tool_call>"]

END, END_OF_TEXT = "<|end|>", "<|endoftext|>"


def both(word: str) -> list[str]:
    return [word, f" {word}"]


def spread(text: str) -> list[str]:
    """One token for each word, with the blank before it."""
    return [text.split(" ")[0], *(f" {word}" for word in text.split(" ")[1:])]


RING = (
    [f" {word}" for word in "This is a tiny model for tests".split()]
    + ["."]
    + [f" {word}" for word in "Its weights were written by one small script".split()]
    + [","]
    + [f" {word}" for word in "so every greedy answer walks around the same ring of words".split()]
    + [":"]
    + [f" {word}" for word in "quick brown foxes jump over lazy dogs while five wizards pack my jugs".split()]
    + ["!"]
    + [f" {word}" for word in "Shall we begin again".split()]
    + ["?"]
)

# An answer starts without a blank, a later round of the ring with one.
OPENING = RING[0].strip()

# Integers are single bytes: characters that arrive in pieces are what streaming must survive.
TRACKS: dict[str, list[str | int]] = {
    "ring": RING,
    "tool call": [
        "<tool_call>",
        '{"name":',
        ' "get_weather",',
        ' "arguments":',
        ' {"city":',
        ' "Paris"}}',
        "</tool_call>",
        END,
    ],
    "tool answer": [*spread("Tool output received and understood"), END_OF_TEXT],
    "unicode": [*"naïve世界🙂".encode(), " finished", END],
}


@dataclass(frozen=True)
class Trigger:
    """Tokens that, anywhere in the prompt, change what follows."""

    track: str
    forms: list[str]
    # Of several triggers in one prompt the strongest wins.
    strength: int


TRIGGERS = [
    Trigger("unicode", [*both("emoji"), *both("Emoji")], 1),
    Trigger("tool call", ["<|tools|>"], 2),
    Trigger("tool answer", ["<|tool|>"], 3),
]
# This one does not choose a track: it makes the first full stop the end.
BRIEF = Trigger("brief", [*both("briefly"), *both("Briefly")], 1)
TRIGGERS.append(BRIEF)

# What JSON tool definitions are made of, so that a few of them fit into the context.
JSON_PIECES = [
    '[{"type":',
    ' {"type":',
    '{"type":',
    ' "type":',
    ' "function",',
    ' "function":',
    ' {"name":',
    ' "name":',
    ' "description":',
    ' "parameters":',
    ' "object",',
    ' "properties":',
    ' "string"',
    ' "string",',
    ' "string"}',
    ' "string"},',
    ' "string"}},',
    ' "number"},',
    ' "required":',
    ' ["city"]',
    ' ["city"]}}}]',
    '"city":',
    '{"city":',
    ' "city":',
    ' "Paris"',
    '"Paris"}',
    ' "Paris"}',
    '"get_weather",',
]

PLAIN_WORDS = (
    "Hello hello hi you You are helpful assistant What what How how is weather in Paris say Say please tell me about "
    "answer it today the to not do can I with that Count count from Write story long Answer"
).split()

MERGES = [
    ("t", "h"),
    ("i", "n"),
    ("e", "r"),
    ("o", "n"),
    ("r", "e"),
    ("e", "s"),
    ("o", "r"),
    ("i", "t"),
    ("i", "s"),
    ("o", "u"),
    ("e", "n"),
    ("s", "t"),
    ("l", "l"),
    ("in", "g"),
    ("th", "e"),
    (" ", "t"),
    (" ", "s"),
    (" ", "w"),
    (" ", "c"),
    (" ", "p"),
    (" t", "o"),
]
