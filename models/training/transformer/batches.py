"""Batches of similar length, so that little is padded."""

from collections.abc import Iterator
from random import Random

import torch

PAD = 0


def batched(lengths: list[int], rows: int, random: Random | None) -> list[list[int]]:
    """Indexes in batches of `rows`; shuffled among neighbours in length and as batches if `random` is given."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + (random.uniform(0, 6) if random else 0))
    batches = [order[i : i + rows] for i in range(0, len(order), rows)]
    if random:
        random.shuffle(batches)
    return batches


def tensors(ids: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """input_ids and attention_mask, [rows, longest]."""
    longest = max(len(row) for row in ids)
    input_ids = torch.full((len(ids), longest), PAD)
    mask = torch.zeros((len(ids), longest), dtype=torch.long)
    for i, row in enumerate(ids):
        input_ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return input_ids, mask


def inference(ids: list[list[int]], rows: int = 64) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    for index in batched([len(row) for row in ids], rows, None):
        yield index, *tensors([ids[i] for i in index])
