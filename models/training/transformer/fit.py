"""Fine-tuning of encoder and heads, and what a model says of texts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from augment import augmented
from batches import batched, inference, tensors
from data import HEADS, UNKNOWN, Rows
from net import Labeller
from steps import amp, descend, schedule
from vocabulary import encode


@dataclass(frozen=True)
class Recipe:
    epochs: int = 5
    rows: int = 32
    rate: float = 1.5e-4
    """Of the top layer; each layer below has `decay` of the one above."""
    decay: float = 0.9
    head_rate: float = 1e-3
    smoothing: float = 0.08
    """Of category and urgency."""
    second_share: float = 0.1
    """Of the category's target that its second category gets."""
    weight_most: float = 4.0
    soft: float = 0.5
    """Share of the loss that the teachers have, where there are any."""
    temperature: float = 2.0
    average_from: float = 0.6
    """Weights are averaged from this share of the steps on."""
    average_every: int = 20


LOSS = {"category": 1.0, "sentiment": 0.6, "complaint": 0.5, "urgency": 0.5, "second": 0.2, "language": 0.1}
CATEGORIES = len(HEADS["category"])


def groups(model: Labeller, recipe: Recipe) -> list[dict]:
    layers = [model.encoder.embeddings, *model.encoder.encoder.layer]
    rates = [recipe.rate * recipe.decay ** (len(layers) - 1 - i) for i in range(len(layers))]
    parts = [(list(layer.named_parameters()), rate) for layer, rate in zip(layers, rates, strict=True)]
    parts.append((list(model.heads.named_parameters()), recipe.head_rate))
    return [
        {"params": [p for n, p in named if plain == ("bias" in n or "LayerNorm" in n)], "lr": rate,
         "weight_decay": 0.0 if plain else 0.01}
        for named, rate in parts for plain in (False, True)
    ]


def class_weights(labels: np.ndarray, count: int, most: float) -> torch.Tensor:
    n = np.maximum(np.bincount(labels[labels != UNKNOWN], minlength=count), 1)
    return torch.tensor(np.minimum((n.max() / n) ** 0.5, most), dtype=torch.float32)


def targets(rows: Rows, recipe: Recipe) -> dict[str, torch.Tensor]:
    """Target distribution of each head, [rows, labels]; all zero where the label is unknown."""
    made = {}
    for head, labels in HEADS.items():
        n = len(labels)
        hard = torch.zeros(len(rows), n)
        known = rows.labels[head] != UNKNOWN
        hard[np.flatnonzero(known), rows.labels[head][known]] = 1.0
        if head == "category":
            second = rows.labels["second"]
            two = np.flatnonzero(second < CATEGORIES)
            hard[two] *= 1 - recipe.second_share
            hard[two, second[two]] += recipe.second_share
        if head in ("category", "urgency"):
            hard[known] = hard[known] * (1 - recipe.smoothing) + recipe.smoothing / n
        made[head] = hard
    return made


def loss_of(logits, wanted, weights, per_class, soft, recipe: Recipe) -> torch.Tensor:
    total = torch.zeros(())
    for head, factor in LOSS.items():
        log = torch.log_softmax(logits[head].float(), -1)
        weight = weights * wanted[head].sum(-1)
        if head in per_class:
            weight = weight * (wanted[head] @ per_class[head])
        hard = -(wanted[head] * log).sum(-1)
        loss = (hard * weight).sum() / weight.sum().clamp_min(1e-6)
        if soft is not None and head in soft:
            t = recipe.temperature
            log_t = torch.log_softmax(logits[head].float() / t, -1)
            against = -(torch.softmax(soft[head] / t, -1) * log_t).sum(-1) * t * t
            loss = (1 - recipe.soft) * loss + recipe.soft * (against * weights).sum() / weights.sum()
        total = total + factor * loss
    return total


def fit(encoder: BertModel, tokenizer: Tokenizer, rows: Rows, recipe: Recipe, *, seed: int,
        soft: dict[str, np.ndarray] | None = None, most_steps: int | None = None,
        say: Callable[[str], None] = print) -> Labeller:
    """`soft`: teachers' logits by head, [rows, labels]. The result's weights are the mean of the last checkpoints."""
    torch.manual_seed(seed)
    random = Random(seed)
    model = Labeller(encoder).train()
    optimizer = torch.optim.AdamW(groups(model, recipe))
    per_epoch = -(-len(rows) // recipe.rows)
    steps = per_epoch * recipe.epochs if most_steps is None else most_steps
    rate = schedule(optimizer, steps)
    wanted = targets(rows, recipe)
    weights = torch.tensor(rows.weights, dtype=torch.float32)
    per_class = {"category": class_weights(rows.labels["category"], CATEGORIES, recipe.weight_most)}
    taught = None if soft is None else {h: torch.tensor(v, dtype=torch.float32) for h, v in soft.items()}
    average = torch.optim.swa_utils.AveragedModel(model)
    step, total, begun = 0, 0.0, time.monotonic()
    while step < steps:
        ids = encode(tokenizer, [augmented(text, random) for text in rows.texts])
        for index in batched([len(row) for row in ids], recipe.rows, random):
            if step == steps:
                break
            input_ids, mask = tensors([ids[i] for i in index])
            with amp():
                logits = model(input_ids, mask)
            loss = loss_of(
                logits, {h: v[index] for h, v in wanted.items()}, weights[index], per_class,
                None if taught is None else {h: v[index] for h, v in taught.items()}, recipe,
            )
            total += descend(loss, model, optimizer, rate)
            step += 1
            if step >= steps * recipe.average_from and step % recipe.average_every == 0:
                average.update_parameters(model)
            if step % 100 == 0:
                say(f"step {step}/{steps} loss {total / 100:.3f} {time.monotonic() - begun:.0f} s")
                total = 0.0
    if average.n_averaged == 0:
        average.update_parameters(model)
    return average.module.eval()


@torch.inference_mode()
def predict(model: Labeller, tokenizer: Tokenizer, texts: list[str]) -> dict[str, np.ndarray]:
    """Logits by head, [texts, labels], in float32."""
    model.eval()
    ids = encode(tokenizer, texts)
    out = {head: np.zeros((len(texts), len(labels)), np.float32) for head, labels in HEADS.items()}
    for index, input_ids, mask in inference(ids):
        with amp():
            logits = model(input_ids, mask)
        for head in HEADS:
            out[head][index] = logits[head].float().numpy()
    return out
