"""One encoder, one pooled vector, six heads."""

from pathlib import Path

import torch
from torch import nn
from transformers import BertConfig, BertModel

from data import HEADS
from vocabulary import LENGTH


class Labeller(nn.Module):
    """input_ids, attention_mask [batch, length] -> logits by head [batch, labels], and `pooled` [batch, width]."""

    def __init__(self, encoder: BertModel):
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.ModuleDict({head: nn.Linear(width, len(labels)) for head, labels in HEADS.items()})

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> dict[str, torch.Tensor]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1)
        dropped = self.dropout(pooled)
        return {"pooled": pooled, **{head: layer(dropped) for head, layer in self.heads.items()}}


def load_encoder(folder: Path, embeddings: torch.Tensor | None = None) -> BertModel:
    """The encoder without its own pooler and with LENGTH positions; `embeddings` replace its word embeddings."""
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
    if embeddings is not None:
        encoder.embeddings.word_embeddings = nn.Embedding.from_pretrained(
            embeddings, freeze=False, padding_idx=0
        )
        encoder.config.vocab_size = len(embeddings)
    positions = encoder.embeddings.position_embeddings.weight[:LENGTH].detach().clone()
    encoder.embeddings.position_embeddings = nn.Embedding.from_pretrained(positions, freeze=False)
    encoder.embeddings.position_ids = encoder.embeddings.position_ids[:, :LENGTH]
    if hasattr(encoder.embeddings, "token_type_ids"):
        encoder.embeddings.token_type_ids = encoder.embeddings.token_type_ids[:, :LENGTH]
    encoder.config.max_position_embeddings = LENGTH
    return encoder


def empty_encoder(config: dict) -> BertModel:
    return BertModel(BertConfig(**config, attn_implementation="sdpa"), add_pooling_layer=False)
