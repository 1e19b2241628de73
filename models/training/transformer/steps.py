"""One step of training, and how its rate changes over all of them."""

import contextlib

import torch
from torch import nn


def amp():
    """bfloat16 where the processor has instructions for it; elsewhere it is slower than float32."""
    if torch.cpu._is_avx512_bf16_supported():
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def schedule(optimizer: torch.optim.Optimizer, steps: int):
    """A short warm-up, then down to nothing in a straight line."""
    warm = max(1, int(steps * 0.06))
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: (s + 1) / warm if s < warm else max(0.0, (steps - s) / max(1, steps - warm))
    )


def descend(loss: torch.Tensor, model: nn.Module, optimizer: torch.optim.Optimizer, rate) -> float:
    """The loss, after one step against it."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    rate.step()
    return loss.item()
