"""Masked-language training: the encoder reads the trade's own words before it is asked to label them."""

import time
from pathlib import Path
from random import Random

import torch
from torch import nn
from tokenizers import Tokenizer

from batches import batched, tensors
from net import load_encoder
from steps import amp, descend, schedule
from vocabulary import encode

LENGTH = 64
"""Pieces; longer texts are read from a random place."""
ROWS = 48
MASKED = 0.2
RATE = 2e-4


class Guesser(nn.Module):
    """Scores of the vocabulary at the masked places; the embeddings are tied."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocab_size))

    def forward(self, input_ids, mask, places):
        hidden = self.encoder(input_ids=input_ids, attention_mask=mask).last_hidden_state[places]
        return self.transform(hidden) @ self.encoder.embeddings.word_embeddings.weight.T + self.bias


def masked(input_ids: torch.Tensor, mask: torch.Tensor, special: torch.Tensor, mask_id: int, size: int):
    """80 % of the chosen places become [MASK], 10 % another piece, 10 % stay."""
    may = (mask == 1) & ~torch.isin(input_ids, special)
    places = may & (torch.rand(input_ids.shape) < MASKED)
    kind = torch.rand(input_ids.shape)
    changed = input_ids.clone()
    changed[places & (kind < 0.8)] = mask_id
    other = places & (kind >= 0.8) & (kind < 0.9)
    changed[other] = torch.randint(1_000, size, (int(other.sum()),))
    return changed, places


def pretrain(base: Path, embeddings, tokenizer: Tokenizer, texts: list[str], out: Path, *, epochs: float,
             seed: int, most_steps: int | None = None, say=print) -> None:
    """Writes the encoder to `out` (Hugging Face layout)."""
    torch.manual_seed(seed)
    random = Random(seed)
    encoder = load_encoder(base, embeddings)
    model = Guesser(encoder).train()
    ids = encode(tokenizer, texts)
    special = torch.tensor([0, *(tokenizer.token_to_id(t) for t in ("[UNK]", "[CLS]", "[SEP]", "[MASK]"))])
    mask_id = tokenizer.token_to_id("[MASK]")
    per_epoch = -(-len(ids) // ROWS)
    steps = int(per_epoch * epochs) if most_steps is None else most_steps
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    rate = schedule(optimizer, steps)
    step, total, begun = 0, 0.0, time.monotonic()
    while step < steps:
        for index in batched([min(len(row), LENGTH) for row in ids], ROWS, random):
            if step == steps:
                break
            rows = []
            for i in index:
                row = ids[i]
                if len(row) > LENGTH:
                    at = random.randrange(len(row) - LENGTH + 1)
                    row = row[at : at + LENGTH]
                rows.append(row)
            input_ids, mask = tensors(rows)
            changed, places = masked(input_ids, mask, special, mask_id, encoder.config.vocab_size)
            if not places.any():
                continue
            with amp():
                scores = model(changed, mask, places)
            loss = nn.functional.cross_entropy(scores.float(), input_ids[places])
            total += descend(loss, model, optimizer, rate)
            step += 1
            if step % 100 == 0:
                say(f"masked-language step {step}/{steps} loss {total / 100:.3f} {time.monotonic() - begun:.0f} s")
                total = 0.0
    encoder.save_pretrained(out)
