"""
Evens out what each channel of a layer's input reaches before it is quantised: a few channels reach ten times what the
others do, and one scale for all of them leaves the others little (Xiao et al. 2022, SmoothQuant). The product is the same.
"""

import copy

import torch
from torch import nn

from batches import inference
from net import Labeller

SHARE = 0.78
"""Of the difference that is moved from the input into the weights, as an exponent; chosen on dev (0.7 to 1 tried)."""


class Smooth(nn.Module):
    """A linear layer whose input is divided by `reach` [inputs], and whose weights are multiplied by it."""

    def __init__(self, layer: nn.Linear, reach: torch.Tensor):
        super().__init__()
        self.register_buffer("shrink", 1 / reach)
        self.layer = layer
        layer.weight.data = layer.weight.data * reach

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x * self.shrink)


@torch.inference_mode()
def reaches(model: Labeller, ids: list[list[int]]) -> dict[str, torch.Tensor]:
    """Of each linear layer of the encoder, the largest value of each input channel over these texts."""
    most: dict[str, torch.Tensor] = {}

    def watch(name: str):
        def hook(_module, inputs, _output) -> None:
            here = inputs[0].abs().flatten(0, -2).amax(0)
            most[name] = torch.maximum(most[name], here) if name in most else here

        return hook

    layers = {n: m for n, m in model.encoder.encoder.named_modules() if isinstance(m, nn.Linear)}
    hooks = [m.register_forward_hook(watch(n)) for n, m in layers.items()]
    for _, input_ids, mask in inference(ids):
        model(input_ids, mask)
    for hook in hooks:
        hook.remove()
    return most


def smoothed(model: Labeller, ids: list[list[int]], share: float = SHARE) -> Labeller:
    """The same model with the layers of its encoder evened out over these texts."""
    model = copy.deepcopy(model)
    for name, most in reaches(model, ids).items():
        parent, _, own = name.rpartition(".")
        layer = model.encoder.encoder.get_submodule(name)
        weight = layer.weight.detach().abs().amax(0).clamp_min(1e-5)
        reach = (most.clamp_min(1e-5) ** share / weight ** (1 - share)).clamp_min(1e-4)
        setattr(model.encoder.encoder.get_submodule(parent), own, Smooth(layer, reach))
    return model
