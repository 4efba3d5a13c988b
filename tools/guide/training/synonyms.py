"""Words that people use for each other. One in a question is now and then replaced by another of its group, so that the
guide hears the newcomer's word for a thing also where nobody wrote it down."""

from __future__ import annotations

import random
import re

GROUPS = (
    "show|display|print|list|tell me|give me",
    "find out|see|check|look up|know|learn",
    "choose|pick|select",
    "use|try|work with|take",
    "set up|configure|prepare|hook up|connect|add",
    "install|get|download",
    "start|launch|run|fire up",
    "stop|halt|cancel|abort|end|interrupt",
    "remove|delete|get rid of|erase|throw away|drop",
    "change|switch|swap|replace",
    "turn off|disable|switch off|deactivate",
    "turn on|enable|switch on|activate",
    "keep|save|store",
    "ask|query|call",
    "need|want|would like",
    "fix|solve|repair|get around",
    "send|transmit|submit",
    "limit|restrict|cap",
    "avoid|prevent|stop",
    "explain|describe|tell me about",
    "happens|occurs|goes on",
    "fails|breaks|does not work|doesn't work|errors",
    "failed|broke|did not work|went wrong",
    "model|llm|ai|bot|language model|ai model",
    "models|llms|ais|bots|language models|ai models",
    "provider|service|backend|back end|vendor",
    "providers|services|backends|back ends|vendors",
    "answer|reply|response|output",
    "answers|replies|responses",
    "question|prompt|request|message",
    "questions|prompts|requests|messages",
    "computer|machine|laptop|pc",
    "internet|network|wifi|connection|online access",
    "terminal|shell|console|command line",
    "flag|option|switch|parameter",
    "folder|directory|path",
    "settings|configuration|config|preferences",
    "error|failure|problem|trouble",
    "free|without paying|for nothing|at no cost|gratis",
    "fast|quick|speedy",
    "faster|quicker|sooner",
    "slow|sluggish|laggy",
    "private|confidential|secret",
    "big|large|huge",
    "small|tiny|little",
    "default|standard|usual",
    "local|on my machine|on this computer|on my own pc",
    "locally|on my machine|on this computer|offline here",
    "remote|hosted|cloud|online",
    "several|multiple|many|a few|some",
    "automatically|by itself|on its own",
    "always|every time|permanently",
    "meaning of|what is meant by",
    "mean|stand for|signify",
    "openmux|this|this tool|this program|this thing|it",
    "how do i|how can i|how to|how would i|what's the way to|how does one|is there a way to|can i",
    "how do you|how does one|how can one",
    "what is|what's|whats|what does one call|explain",
    "where is|where's|where do i find|where lies",
    "why is|why's|how come",
    "is it possible to|can i|may i|could i|am i able to",
    "i want to|i'd like to|i need to|i would like to|let me|i have to|i wish to",
    "doesn't|does not|doesnt",
    "can't|cannot|can not|cant",
    "isn't|is not|isnt",
    "my|the|a",
    "begin|start|get started",
    "vector|embedding|number array",
    "vectors|embeddings|number arrays",
    "conversation|chat|dialog|dialogue|talk",
    "instructions|rules|directions",
    "latest|newest|recent",
    "version|release",
    "wait|hang|hold on",
    "long|lengthy|very long",
    "script|program|automation",
    "crash|blow up|die",
    "quit|exit|leave|get out of",
    "read|open|load",
    "write|put|dump",
    "text|words",
    "allowed|permitted|ok",
    "cost|price|charge",
    "pay|spend money",
    "company|office|work",
    "safe|secure",
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
