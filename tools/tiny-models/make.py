"""Writes tiny-chat and tiny-embed in the layout of a model hub, and checks that they do what they are for.

    python make.py [--out FOLDER] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

import cards
import checks
import decoder
import encoder
import graph
import tokenizer

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parent.parent / "packages" / "testkit" / "assets" / "models" / "openmux-test"


def write(folder: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


def count(weights: dict[str, np.ndarray]) -> int:
    return sum(value.size for value in weights.values())


def chat(folder: Path, seed: int) -> None:
    vocabulary = tokenizer.chat_vocabulary()
    weights = decoder.weights(vocabulary, seed)
    write(folder, decoder.config(vocabulary))
    write(folder, tokenizer.chat_tokenizer(vocabulary, decoder.CONTEXT))
    card = cards.CHAT.format(
        parameters=f"{count(weights):,}",
        layers=decoder.LAYERS,
        heads=decoder.HEADS,
        kv_heads=decoder.KV_HEADS,
        head_dim=decoder.HEAD_DIM,
        vocab=len(vocabulary),
        context=decoder.CONTEXT,
    )
    write(folder, {"README.md": card})
    onnx_folder = folder / "onnx"
    graph.save(decoder.build(weights), onnx_folder / "model.onnx")
    # Rounding the table of positions to eight bits would move tokens about.
    graph.quantize(onnx_folder / "model.onnx", onnx_folder / "model_quantized.onnx", keep=["positions"])


def embed(folder: Path, seed: int) -> None:
    vocabulary = encoder.embed_vocabulary()
    weights = encoder.weights(vocabulary, seed)
    write(folder, encoder.config(vocabulary))
    write(folder, tokenizer.embed_tokenizer(vocabulary, encoder.CONTEXT))
    card = cards.EMBED.format(
        parameters=f"{count(weights):,}",
        layers=encoder.LAYERS,
        hidden=encoder.HIDDEN,
        vocab=len(vocabulary),
        context=encoder.CONTEXT,
    )
    write(folder, {"README.md": card})
    onnx_folder = folder / "onnx"
    graph.save(encoder.build(weights), onnx_folder / "model.onnx")
    graph.quantize(onnx_folder / "model.onnx", onnx_folder / "model_quantized.onnx", keep=[])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ASSETS)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args()
    chat(options.out / "tiny-chat", options.seed)
    embed(options.out / "tiny-embed", options.seed)
    checks.chat(options.out / "tiny-chat")
    checks.embed(options.out / "tiny-embed")
    for path in sorted(options.out.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>8}  {path.relative_to(options.out)}")


if __name__ == "__main__":
    main()
