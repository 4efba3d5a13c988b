"""The guide's own byte-pair tokenizer, learned from the corpus, in the files of the `tokenizers` library."""

from __future__ import annotations

import json

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

SPECIAL = ["<|begin|>", "<|end|>", "<|pad|>", "<|user|>", "<|assistant|>"]
BEGIN, END, PAD, USER, ASSISTANT = range(len(SPECIAL))
# What comes before the topic where the guide is not sure that it is asked about OpenMux at all.
UNSURE = "<|unsure|>"

# Only the last question counts: the guide was taught single questions, in lower case and without edges.
CHAT_TEMPLATE = """\
{%- set ns = namespace(question='') -%}
{%- for message in messages -%}
  {%- if message.role == 'user' -%}
    {%- if message.content is string -%}
      {%- set ns.question = message.content -%}
    {%- else -%}
      {%- set ns.question = '' -%}
      {%- for part in message.content -%}
        {%- if part.type == 'text' -%}{%- set ns.question = ns.question + part.text -%}{%- endif -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endif -%}
{%- endfor -%}
{{- bos_token + '<|user|>' + (ns.question | lower | trim) + '<|end|>' -}}
{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
"""


def learn(texts: list[str], size: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        min_frequency=3,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{SPECIAL[BEGIN]} $A", special_tokens=[(SPECIAL[BEGIN], BEGIN)]
    )
    return tokenizer


def name_topics(tokenizer: Tokenizer, topics: list[str]) -> list[int]:
    """Adds the tokens that an answer begins with and nobody sees: `UNSURE`, then one for each topic; gives their ids."""
    names = [UNSURE, *(f"<|{topic}|>" for topic in topics)]
    tokenizer.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in names])
    return [tokenizer.token_to_id(name) for name in names]


def files(tokenizer: Tokenizer, context: int) -> dict[str, object]:
    special = {
        str(index): {
            "content": name,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for index, name in sorted((index, token.content) for index, token in tokenizer.get_added_tokens_decoder().items())
    }
    names = {"bos_token": SPECIAL[BEGIN], "eos_token": SPECIAL[END], "pad_token": SPECIAL[PAD]}
    return {
        "tokenizer.json": json.loads(tokenizer.to_str()),
        "tokenizer_config.json": {
            "added_tokens_decoder": special,
            **names,
            "chat_template": CHAT_TEMPLATE,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            "model_max_length": context,
            "padding_side": "left",
            "tokenizer_class": "PreTrainedTokenizerFast",
        },
        "special_tokens_map.json": names,
    }
