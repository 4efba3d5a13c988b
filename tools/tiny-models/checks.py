"""Runs the written files with the Python runtime and tokenizer: each promise of README.md is asserted here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

import decoder
from script import PLAIN_WORDS, TRACKS

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]
# The least lead of the scripted token over the next best: what is left for other processors, runtimes and kernels.
MARGIN = 3
CALL = {"type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # One of the checks makes the runtime fail, which it would also print.
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Chat:
    def __init__(self, folder: Path, file: str) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        settings = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
        environment = ImmutableSandboxedEnvironment()
        environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
        self.template = environment.from_string(settings["chat_template"])
        self.begin = settings["bos_token"]
        self.ends = json.loads((folder / "generation_config.json").read_text("utf-8"))["eos_token_id"]
        self.session = session(folder / "onnx" / file)

    def prompt(self, messages: list[dict], tools: list[dict] | None = None) -> list[int]:
        text = self.template.render(
            messages=messages, tools=tools, add_generation_prompt=True, bos_token=self.begin
        )
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def run(self, ids: list[list[int]], mask: list[list[int]], past: list[np.ndarray] | None) -> list[np.ndarray]:
        rows, seen = np.array(ids, np.int64), np.array(mask, np.int64)
        if past is None:
            shape = (len(ids), decoder.KV_HEADS, 0, decoder.HEAD_DIM)
            past = [np.zeros(shape, np.float32)] * (2 * decoder.LAYERS)
        positions = np.maximum(np.cumsum(seen, axis=1) - 1, 0)[:, -rows.shape[1] :]
        feed = {"input_ids": rows, "attention_mask": seen, "position_ids": positions}
        for index, value in enumerate(past):
            feed[f"past_key_values.{index // 2}.{('key', 'value')[index % 2]}"] = value
        return self.session.run(None, feed)

    def greedy(self, ids: list[int], limit: int) -> tuple[list[int], float]:
        """New tokens, and the least distance of a winner from its runner-up."""
        new: list[int] = []
        margin = np.inf
        past, step = None, ids
        while len(new) < limit and not (new and new[-1] in self.ends):
            logits, *past = self.run([step], [[1] * (len(ids) + len(new))], past)
            best = np.sort(logits[0, -1])[-2:]
            margin = min(margin, best[1] - best[0])
            new.append(int(logits[0, -1].argmax()))
            step = new[-1:]
        return new, float(margin)

    def say(self, messages: list[dict], tools: list[dict] | None = None, limit: int = 80) -> tuple[str, list[int]]:
        new, margin = self.greedy(self.prompt(messages, tools), limit)
        assert margin > MARGIN, f"close call ({margin:.2f}) for {messages}"
        return self.tokenizer.decode(new, skip_special_tokens=True), new


def ask(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


def chat(folder: Path) -> None:
    lines = []
    for file in ("model.onnx", "model_quantized.onnx"):
        model = Chat(folder, file)
        encode = model.tokenizer.encode

        # Any text comes back as it went in.
        for text in ["plain words", "naïve 世界 🙂\n\t", "".join(map(chr, range(1, 1500))), "<tool_call>{} <x>"]:
            ids = encode(text, add_special_tokens=False).ids
            assert model.tokenizer.decode(ids, skip_special_tokens=False) == text, text

        ring = "".join(TRACKS["ring"])
        round_length = len(TRACKS["ring"])
        text, new = model.say(ask("Hello, who are you?"), limit=2 * round_length)
        assert text == (ring + ring)[1:], text
        lines.append(f"ring of {round_length}: {text[: len(ring) - 1]!r}")
        # Text and tokens say the same, so a caller may count either.
        assert encode(text, add_special_tokens=False).ids == new

        for prompt in ["", "x", "The weather in", "é"]:
            new, margin = model.greedy(encode(prompt).ids, 8)
            assert margin > MARGIN and model.tokenizer.decode(new) == " This is a tiny model for tests.", prompt

        brief, new = model.say(ask("Say it briefly, please."))
        assert brief == "This is a tiny model for tests." and new[-1] == model.ends[0], brief
        lines.append(f"briefly: {brief!r} + {new[-1]}, {len(new)} tokens")
        # Far back in the prompt as well.
        filler = " ".join(PLAIN_WORDS)
        far, new = model.say(ask(f"briefly {filler} {filler} {filler}"))
        assert far == brief, far

        text, new = model.say(ask("Answer with an emoji."))
        assert text == "naïve世界🙂 finished" and new[-1] == model.ends[0], text
        lines.append(f"emoji: {text!r} + {new[-1]}, {len(new)} tokens")

        question = ask("What is the weather in Paris?")
        ids = model.prompt(question, TOOLS)
        called, new = model.say(question, TOOLS)
        assert called == '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris"}}</tool_call>', called
        assert new[-1] == model.ends[0]
        lines.append(f"tools: {called!r} + {new[-1]}, {len(new)} tokens after {len(ids)}")

        turn = [
            *question,
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "1", "content": "12 degrees"},
        ]
        text, new = model.say(turn, TOOLS)
        assert text == "Tool output received and understood" and new[-1] == model.ends[1], text
        lines.append(f"tool answer: {text!r} + {new[-1]}, {len(new)} tokens")

        # The strongest trigger wins, and one in an earlier turn still counts.
        assert model.say(ask("Emoji, briefly!"))[0] == "naïve世界🙂 finished"
        assert model.say(ask("Emoji, briefly!"), TOOLS)[0] == called
        assert model.say([*turn, *ask("emoji")], TOOLS)[0] == text
        earlier = [*ask("briefly"), {"role": "assistant", "content": brief}, *ask("Tell me about it.")]
        assert model.say(earlier)[0] == brief

        # With the cache and without: the same tokens, and in fp32 the same numbers.
        ids = model.prompt(ask("Say it briefly, please."))
        whole, *_ = model.run([ids], [[1] * len(ids)], None)
        past = None
        for index in range(len(ids)):
            part, *past = model.run([ids[index : index + 1]], [[1] * (index + 1)], past)
        distance = float(np.abs(whole[0, -1] - part[0, -1]).max())
        assert distance < (1e-4 if file == "model.onnx" else 2.5), distance
        lines.append(f"cached against whole: {distance:.1e}")

        # Two prompts of different length in one batch, padded on the left.
        rows = [model.prompt(ask("Emoji?")), model.prompt(ask("Say it briefly, please, and not at length."))]
        width = max(map(len, rows))
        padded = [[3] * (width - len(row)) + row for row in rows]
        masks = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
        both, *_ = model.run(padded, masks, None)
        for index, row in enumerate(rows):
            single, *_ = model.run([row], [[1] * len(row)], None)
            assert both[index, -1].argmax() == single[0, -1].argmax()

        try:
            model.run([[5] * (decoder.CONTEXT + 1)], [[1] * (decoder.CONTEXT + 1)], None)
        except Exception as error:
            assert "out of data bounds" in str(error), error
        else:
            raise AssertionError("an input beyond the context must fail")
        model.run([[5] * decoder.CONTEXT], [[1] * decoder.CONTEXT], None)

        # Sampled at temperature 1, an end token comes now and then.
        logits, *_ = model.run([ids], [[1] * len(ids)], None)
        odds = np.exp(logits[0] - logits[0].max(axis=-1, keepdims=True))
        odds /= odds.sum(axis=-1, keepdims=True)
        lines.append(f"odds of the script {odds[-1].max():.2f}, of an end token {odds[-1, model.ends].sum():.1e}")
        lines.append("")
    print("\n".join(lines))


def embed(folder: Path) -> None:
    tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vectors = {}
    texts = [
        "The cat sits in the garden",
        "A cat sleeps in our garden",
        "Stock market prices and trade",
        "Kubernetes clusters need ingress",
        "An ingress for Kubernetes",
    ]
    for file in ("model.onnx", "model_quantized.onnx"):
        runner = session(folder / "onnx" / file)
        rows = []
        for text in texts:
            encoding = tokens.encode(text)
            (states,) = runner.run(
                None,
                {
                    "input_ids": np.array([encoding.ids], np.int64),
                    "attention_mask": np.array([encoding.attention_mask], np.int64),
                    "token_type_ids": np.array([encoding.type_ids], np.int64),
                },
            )
            mean = states[0].mean(axis=0)
            rows.append(mean / np.linalg.norm(mean))
        vectors[file] = np.array(rows)
        likeness = vectors[file] @ vectors[file].T
        print(np.round(likeness, 2))
        assert likeness[0, 1] > 0.4 and likeness[3, 4] > 0.4
        for left, right in [(0, 2), (0, 3), (1, 2), (1, 4), (2, 3), (2, 4)]:
            assert likeness[left, right] < 0.35, (left, right)
    same = np.sum(vectors["model.onnx"] * vectors["model_quantized.onnx"], axis=1)
    print("fp32 against q8:", np.round(same, 4))
    assert same.min() > 0.98
