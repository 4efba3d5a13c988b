"""Tokenizer files of both models, written out by hand in the format of the `tokenizers` library."""

from __future__ import annotations

from script import JSON_PIECES, MERGES, OPENING, PLAIN_WORDS, SPECIAL, TAGS, TRACKS, TRIGGERS, both

# Quoted names with the JSON around them, then the classes of GPT-2. The first alternative makes a tool
# definition cheap and lets a whole tool call be a walk over distinct tokens.
PATTERN = (
    r' ?[\[{]*"[\p{L}\p{N}_]+"[\]}:,]*'
    r"| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)


def byte_alphabet() -> dict[int, str]:
    """The printable stand-in of each byte, as GPT-2 chose them."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in keep}
    for byte in range(256):
        table.setdefault(byte, chr(256 + sum(1 for other in table if other not in keep)))
    return table


BYTES = byte_alphabet()


def spell(text: str) -> str:
    return "".join(BYTES[byte] for byte in text.encode())


def added(token_id: int, content: str, special: bool) -> dict:
    return {
        "id": token_id,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": special,
    }


def chat_vocabulary() -> dict[str, int]:
    """Token to id, added tokens first; tokens other than those are spelled in the byte alphabet."""
    pieces = [*SPECIAL, *TAGS, *(BYTES[byte] for byte in range(256))]
    words = [OPENING, *(word for track in TRACKS.values() for word in track if isinstance(word, str))]
    words += [form for trigger in TRIGGERS for form in trigger.forms]
    words += [*JSON_PIECES, *(form for word in PLAIN_WORDS for form in both(word))]
    words = [word for word in words if word not in pieces]
    pieces += [spell(word) for word in words] + [spell(left + right) for left, right in MERGES]
    return {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}


CHAT_TEMPLATE = """\
{{- bos_token -}}
{%- if tools -%}
  {{- '<|tools|>' + (tools | tojson) + '<|end|>' -}}
{%- endif -%}
{%- for message in messages -%}
  {%- if message.role not in ['system', 'user', 'assistant', 'tool'] -%}
    {{- raise_exception('Unknown role: ' + message.role) -}}
  {%- endif -%}
  {{- '<|' + message.role + '|>' -}}
  {%- if message.content is string -%}
    {{- message.content -}}
  {%- elif message.content -%}
    {%- for part in message.content -%}
      {%- if part.type == 'text' -%}{{- part.text -}}{%- endif -%}
    {%- endfor -%}
  {%- endif -%}
  {%- for call in message.tool_calls or [] -%}
    {{- '<tool_call>{"name": "' + call.function.name + '", "arguments": ' -}}
    {%- if call.function.arguments is string -%}
      {{- call.function.arguments -}}
    {%- else -%}
      {{- call.function.arguments | tojson -}}
    {%- endif -%}
    {{- '}</tool_call>' -}}
  {%- endfor -%}
  {{- '<|end|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|assistant|>' -}}
{%- endif -%}
"""


def chat_tokenizer(vocabulary: dict[str, int], context: int) -> dict[str, object]:
    tokens = [added(index, token, True) for index, token in enumerate(SPECIAL)]
    tokens += [added(len(SPECIAL) + index, token, False) for index, token in enumerate(TAGS)]
    begin = SPECIAL[0]
    return {
        "tokenizer.json": {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": tokens,
            "normalizer": None,
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated", "invert": False},
                    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
                ],
            },
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [
                    {"SpecialToken": {"id": begin, "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}},
                    {"Sequence": {"id": "B", "type_id": 1}},
                ],
                "special_tokens": {begin: {"id": begin, "ids": [vocabulary[begin]], "tokens": [begin]}},
            },
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": None,
                "continuing_subword_prefix": None,
                "end_of_word_suffix": None,
                "fuse_unk": False,
                "byte_fallback": False,
                # As in Llama 3: a word that is in the vocabulary is taken whole, without a path of merges.
                "ignore_merges": True,
                "vocab": vocabulary,
                "merges": [[spell(left), spell(right)] for left, right in MERGES],
            },
        },
        "tokenizer_config.json": {
            "added_tokens_decoder": {
                str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in tokens
            },
            "bos_token": "<|begin|>",
            "eos_token": "<|end|>",
            "pad_token": "<|pad|>",
            "chat_template": CHAT_TEMPLATE,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            "model_max_length": context,
            "padding_side": "left",
            "tokenizer_class": "PreTrainedTokenizerFast",
        },
        "special_tokens_map.json": {
            "bos_token": "<|begin|>",
            "eos_token": "<|end|>",
            "pad_token": "<|pad|>",
        },
    }


def embed_tokenizer(vocabulary: dict[str, int], context: int) -> dict[str, object]:
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = [added(vocabulary[name], name, True) for name in names]

    def special(name: str, type_id: int) -> dict:
        return {"SpecialToken": {"id": name, "type_id": type_id}}

    def sequence(name: str, type_id: int) -> dict:
        return {"Sequence": {"id": name, "type_id": type_id}}

    settings = {
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
        "pad_token": "[PAD]",
        "sep_token": "[SEP]",
        "unk_token": "[UNK]",
    }
    return {
        "tokenizer.json": {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": tokens,
            "normalizer": {
                "type": "BertNormalizer",
                "clean_text": True,
                "handle_chinese_chars": True,
                "strip_accents": None,
                "lowercase": True,
            },
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)],
                "pair": [
                    special("[CLS]", 0),
                    sequence("A", 0),
                    special("[SEP]", 0),
                    sequence("B", 1),
                    special("[SEP]", 1),
                ],
                "special_tokens": {
                    name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]} for name in ["[CLS]", "[SEP]"]
                },
            },
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {
                "type": "WordPiece",
                "unk_token": "[UNK]",
                "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100,
                "vocab": vocabulary,
            },
        },
        "tokenizer_config.json": {
            "added_tokens_decoder": {
                str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in tokens
            },
            **settings,
            "clean_up_tokenization_spaces": True,
            "do_basic_tokenize": True,
            "do_lower_case": True,
            "model_max_length": context,
            "never_split": None,
            "strip_accents": None,
            "tokenize_chinese_chars": True,
            "tokenizer_class": "BertTokenizer",
        },
        "special_tokens_map.json": settings,
        "vocab.txt": "".join(f"{piece}\n" for piece in vocabulary),
    }
