"""tiny-embed: a BERT-shaped encoder in which a text is, nearly, the sum of random vectors of its words."""

from __future__ import annotations

import string

import numpy as np
import onnx

from decoder import grid
from graph import FLOAT, INT64, Graph

HIDDEN = 32
LAYERS = 1
HEADS = 4
HEAD_DIM = HIDDEN // HEADS
INTERMEDIATE = 64
CONTEXT = 128
# Far larger than in BERT, on purpose: a vector that is small before a norm stays small after it, so that stop
# words and punctuation weigh little in the mean over the tokens.
EPS = 1.0
# Single letters within words weigh less than words and pairs: unrelated words share them.
LOUD, QUIET, FAINT = 2.0, 0.25, 0.1
NOISE = 0.02

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

STOP_WORDS = (
    "the be to of and in that have it for not on with he as you do at this but his by from they we say her she or an "
    "will my one all would there their what so up out if about who get which go me when make can like no just him "
    "know take into your good some could them see other than then now only its over also after use how our way is are "
    "was were been has had did does am a i"
).split()

# Common words are one token each; all others are put together from the pieces below.
WORDS = (
    "time year people day man thing woman life child world school state family student group country problem hand part "
    "place case week company system program question work government number night point home water room mother area "
    "money story fact month lot right study book eye job word business issue side kind head house service friend "
    "father power hour game line end member law car city community name president team minute idea body back parent "
    "face level office door health person art war history party result change morning reason research girl guy moment "
    "air teacher force education cat dog cats dogs bird fish horse animal tree flower garden river mountain sea ocean "
    "rain snow sun moon star sky weather wind summer winter spring cold hot warm food bread milk cheese apple fruit "
    "coffee tea sugar salt cook cooking kitchen recipe dinner music song dance film paint picture color red blue green "
    "black white yellow big small old new long short fast slow happy sad computer software server network internet data "
    "file code model language test error memory token stream cache key request response provider gateway train bus road "
    "street bridge airport ticket travel hotel hello hi earth planet space science physics math doctor medicine bank "
    "price market stock trade sell buy pay cost sleeps sits runs run walk walks eat eats drink read write speak play"
).split()


def pieces() -> list[str]:
    """Characters, and pairs of a vowel and a consonant, at the start of a word and after it."""
    characters = [chr(code) for code in range(33, 127) if chr(code) not in string.ascii_uppercase]
    vowels = "aeiou"
    consonants = [letter for letter in string.ascii_lowercase if letter not in vowels]
    pairs = [c + v for c in consonants for v in vowels] + [v + c for c in consonants for v in vowels]
    letters = [*string.ascii_lowercase, *string.digits]
    return [*characters, *pairs, *(f"##{piece}" for piece in [*letters, *pairs])]


def embed_vocabulary() -> dict[str, int]:
    return {piece: index for index, piece in enumerate(dict.fromkeys([*SPECIAL, *pieces(), *STOP_WORDS, *WORDS]))}


def weights(vocabulary: dict[str, int], seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    words = rng.standard_normal((len(vocabulary), HIDDEN))
    words -= words.mean(axis=1, keepdims=True)
    words /= words.std(axis=1, keepdims=True)
    faint = {*SPECIAL, *STOP_WORDS, *string.punctuation} - {"[UNK]"}
    for piece, index in vocabulary.items():
        letter = piece.startswith("##") and len(piece) == 3
        words[index] *= FAINT if piece in faint else QUIET if letter else LOUD
    out = {
        "words": words,
        "positions": 0.01 * rng.standard_normal((CONTEXT, HIDDEN)),
        "types": 0.01 * rng.standard_normal((2, HIDDEN)),
    }
    for layer in range(LAYERS):
        for name, shape in {
            "q": (HIDDEN, HIDDEN),
            "k": (HIDDEN, HIDDEN),
            "v": (HIDDEN, HIDDEN),
            "o": (HIDDEN, HIDDEN),
            "up": (HIDDEN, INTERMEDIATE),
            "down": (INTERMEDIATE, HIDDEN),
        }.items():
            scale = NOISE if name in ("o", "down") else 0.1
            out[f"{layer}.{name}"] = scale * rng.standard_normal(shape)
            out[f"{layer}.{name}.bias"] = 0.01 * rng.standard_normal(shape[1])
    return {name: grid(value) for name, value in out.items()}


def build(w: dict[str, np.ndarray]) -> onnx.ModelProto:
    g = Graph("tiny-embed")
    shape = ["batch_size", "sequence_length"]
    ids = g.input("input_ids", INT64, shape)
    mask = g.input("attention_mask", INT64, shape)
    types = g.input("token_type_ids", INT64, shape)

    def norm(x: str, name: str) -> str:
        return g.layer_norm(x, name, np.ones(HIDDEN), np.zeros(HIDDEN), EPS)

    # A table of the length of the context: a longer input is an error, as in the real architecture.
    length = g.dim(ids, 1)
    numbers = g.op("Range", g.number(0, np.int64), g.op("Squeeze", length), g.number(1, np.int64))
    place = g.op("Gather", g.weight("positions", w["positions"]), numbers, name="positions")
    kind = g.op("Gather", g.weight("types", w["types"]), types, name="types")
    word = g.op("Gather", g.weight("words", w["words"]), ids, name="words")
    x = norm(g.op("Add", g.op("Add", word, kind), place), "embeddings.norm")

    shown = g.op("Cast", g.op("Unsqueeze", mask, g.ints(1, 2)), to=9)
    bias = g.op("Where", shown, g.number(0.0), g.number(-1e9))

    for layer in range(LAYERS):

        def linear(source: str, name: str) -> str:
            return g.linear(source, f"{layer}.{name}", w[f"{layer}.{name}"], w[f"{layer}.{name}.bias"])

        def heads(name: str) -> str:
            return g.op("Transpose", g.reshape(linear(x, name), 0, 0, HEADS, HEAD_DIM), perm=[0, 2, 1, 3])

        query, value = heads("q"), heads("v")
        key = g.op("Transpose", heads("k"), perm=[0, 1, 3, 2])
        scores = g.op("Mul", g.op("MatMul", query, key), g.number(HEAD_DIM**-0.5))
        mixed = g.op("MatMul", g.op("Softmax", g.op("Add", scores, bias), axis=-1), value)
        mixed = g.reshape(g.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, HIDDEN)
        x = norm(g.op("Add", x, linear(mixed, "o")), f"{layer}.attention.norm")

        up = linear(x, "up")
        half = g.op("Add", g.op("Erf", g.op("Mul", up, g.number(2**-0.5))), g.number(1.0))
        gelu = g.op("Mul", g.op("Mul", up, half), g.number(0.5))
        x = norm(g.op("Add", x, linear(gelu, "down")), f"{layer}.output.norm")

    g.output(x, "last_hidden_state", FLOAT, [*shape, HIDDEN])
    return g.model()


def config(vocabulary: dict[str, int]) -> dict[str, object]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "attention_probs_dropout_prob": 0.1,
            "classifier_dropout": None,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "hidden_size": HIDDEN,
            "initializer_range": 0.02,
            "intermediate_size": INTERMEDIATE,
            "layer_norm_eps": EPS,
            "max_position_embeddings": CONTEXT,
            "model_type": "bert",
            "num_attention_heads": HEADS,
            "num_hidden_layers": LAYERS,
            "pad_token_id": vocabulary["[PAD]"],
            "position_embedding_type": "absolute",
            "torch_dtype": "float32",
            "type_vocab_size": 2,
            "use_cache": True,
            "vocab_size": len(vocabulary),
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": CONTEXT, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "__version__": {"sentence_transformers": "2.0.0", "transformers": "4.6.1", "pytorch": "1.8.1"}
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": HIDDEN,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }
