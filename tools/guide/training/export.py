"""Writes the trained guide in the layout of a model hub: configuration, tokenizer, 8-bit graph, card, manifest."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import vocabulary
from card import CARD
from model import Shape
from samples import OUTSIDE

# The writer of graphs is shared with the test models.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tiny-models"))
import graph  # noqa: E402
import llama_graph  # noqa: E402

# The logits are stretched: a caller's temperature of 1 then hardly changes what was learned by heart.
SHARPNESS = 3.0
# By how much "unsure", and "I do not know" after it, are likelier than was learned, as logits: what a guide invents does
# more harm than what it leaves out. The first is the least with which nothing in the rehearsal is invented, and then some;
# the second is the most that leaves the rehearsal above its mark.
HESITATION, CAUTION = 8.0, 2.0
# By how much the tokens that nobody sees are less likely once an answer has begun.
SILENCE = 4.0


def graph_weights(
    weights: dict[str, np.ndarray], constants: np.ndarray, unsure: int, outside: int
) -> dict[str, np.ndarray]:
    """The weights with sharper logits, `unsure` likelier in every first decision and `outside` in every second.

    `constants` are of these, and of all that is said after them.
    """
    first, second, later = constants
    head = weights["head"].copy()
    # From "unsure" on, nobody sees any.
    head[:, unsure:] -= SILENCE * later[:, None]
    head[:, unsure] += HESITATION * first
    head[:, outside] += CAUTION * second
    return {**weights, "head": head, "norm": weights["norm"] * SHARPNESS}


def config(shape: Shape) -> dict[str, object]:
    return {
        "config.json": {
            "architectures": ["LlamaForCausalLM"],
            "attention_bias": False,
            "attention_dropout": 0.0,
            "bos_token_id": vocabulary.BEGIN,
            "eos_token_id": vocabulary.END,
            "head_dim": shape.head_dim,
            "hidden_act": "silu",
            "hidden_size": shape.hidden,
            "initializer_range": 0.02,
            "intermediate_size": shape.intermediate,
            "max_position_embeddings": shape.context,
            "mlp_bias": False,
            "model_type": "llama",
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "num_key_value_heads": shape.kv_heads,
            "pad_token_id": vocabulary.PAD,
            "rms_norm_eps": shape.eps,
            "rope_scaling": None,
            "rope_theta": shape.rope_theta,
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
            "use_cache": True,
            "vocab_size": shape.vocabulary,
        },
        "generation_config.json": {
            "bos_token_id": vocabulary.BEGIN,
            "do_sample": False,
            "eos_token_id": vocabulary.END,
            "pad_token_id": vocabulary.PAD,
        },
    }


def write(folder: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # The vocabulary is most of the tokenizer: without line ends it is a third smaller.
        spaces = None if name == "tokenizer.json" else 2
        separators = (",", ":") if name == "tokenizer.json" else None
        text = json.dumps(content, indent=spaces, separators=separators, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


def export(
    weights: dict[str, np.ndarray], constants: np.ndarray, tokenizer: Tokenizer, shape: Shape, folder: Path
) -> None:
    write(folder, {**config(shape), **vocabulary.files(tokenizer, shape.context)})
    unsure, outside = (tokenizer.token_to_id(name) for name in (vocabulary.UNSURE, f"<|{OUTSIDE}|>"))
    model = llama_graph.build("openmux-nano", graph_weights(weights, constants, unsure, outside), shape)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "model.onnx"
        graph.save(model, exact)
        target = folder / "onnx" / "model_quantized.onnx"
        target.parent.mkdir(parents=True, exist_ok=True)
        graph.quantize(exact, target, keep=["positions"])


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    saved = np.load(source / "weights.npz")
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    shape = Shape(vocabulary=tokenizer.get_vocab_size())
    weights = {name: saved[name] for name in saved.files}
    export(weights, np.load(source / "constants.npy"), tokenizer, shape, target)
    facts = json.loads((source / "facts.json").read_text(encoding="utf-8"))
    card = CARD.format(**{**shape.as_dict(), **facts})
    (target / "README.md").write_text(card, encoding="utf-8", newline="\n")
    for path in sorted(target.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>9}  {path.relative_to(target)}")


if __name__ == "__main__":
    main()
