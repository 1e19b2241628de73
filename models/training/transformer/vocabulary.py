"""The base tokenizer with whole words of this trade added, and the embeddings to match."""

import json
import re
from collections import Counter
from pathlib import Path

import torch
from tokenizers import Tokenizer

LENGTH = 128
"""Pieces that the model reads at once, [CLS] and [SEP] among them."""
MOST_WORDS = 1_000
LEAST_SEEN = 12
# The order of src/inference/transformer/text.ts.
TYPED_TOKENS = [
    "[PHONE]", "[EMAIL]", "[CARD]", "[ACCOUNT]", "[NIN]", "[BVN]", "[IMEI]", "[ICCID]",
    "[PIN]", "[PUK]", "[OTP]", "[ID]", "[HANDLE]", "[NAME]", "[ADDRESS]",
]

TYPED_BY_HAND = re.compile(r"\[(PAD|UNK|CLS|SEP|MASK)\]")


def words_of(tokenizer: Tokenizer, text: str) -> list[str]:
    normal = tokenizer.normalizer.normalize_str(text)
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]


def frequent_words(tokenizer: Tokenizer, texts: list[str]) -> list[str]:
    """Words that cost the most pieces over all texts, the costliest first."""
    seen = Counter(word for text in texts for word in words_of(tokenizer, text))
    cost = {}
    for word, count in seen.items():
        if count >= LEAST_SEEN and word.isalpha() and len(word) > 2:
            pieces = len(tokenizer.encode(word, add_special_tokens=False).ids)
            if pieces > 1:
                cost[word] = count * (pieces - 1)
    return sorted(cost, key=lambda w: (-cost[w], w))[:MOST_WORDS]


def extend(base: Path, texts: list[str], out: Path) -> tuple[Tokenizer, list[list[int]]]:
    """Writes tokenizer.json; returns it and, of each added piece, the old pieces it stands for."""
    old = Tokenizer.from_file(str(base / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    words = frequent_words(old, texts)
    spec = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    vocab = spec["model"]["vocab"]
    stands_for = []
    for word in words:
        stands_for.append(old.encode(word, add_special_tokens=False).ids)
        vocab[word] = len(vocab)
    for token in TYPED_TOKENS:
        plain = token.strip("[]").lower()
        stands_for.append(old.encode(plain, add_special_tokens=False).ids)
        vocab[token] = len(vocab)
        spec["added_tokens"].append({
            "id": vocab[token], "content": token, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": True,
        })
    spec["truncation"] = None
    spec["padding"] = None
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False), encoding="utf-8")
    return Tokenizer.from_file(str(out / "tokenizer.json")), stands_for


def grown(embeddings: torch.Tensor, stands_for: list[list[int]]) -> torch.Tensor:
    """The embedding matrix [vocabulary, width] with a row for each added piece: the mean of its old pieces."""
    added = torch.stack([embeddings[ids].mean(0) for ids in stands_for])
    return torch.cat([embeddings, added])


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Piece ids with [CLS] and [SEP], cut to LENGTH; a special token that somebody typed is text like any other."""
    cut = []
    for e in tokenizer.encode_batch([TYPED_BY_HAND.sub(r"[ \1 ]", text) for text in texts]):
        ids = e.ids
        cut.append(ids if len(ids) <= LENGTH else ids[: LENGTH - 1] + ids[-1:])
    return cut
