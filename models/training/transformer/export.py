"""The trained model as ONNX: float32, and int8 that no processor's 16-bit sums can saturate."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import nn

from data import HEADS
from net import Labeller
from quantise import quantise
from smooth import smoothed
from vocabulary import LENGTH

OUTPUTS = ["pooled", *HEADS, "words"]
WEIGHED = ("category", "sentiment")


class Graph(nn.Module):
    """
    The model with its outputs in a fixed order. `words` [batch, length, 15] is what each piece adds to the category and
    sentiment logits: the pooled vector is a mean and the heads are linear, so the sum over pieces and the bias is the logit.
    """

    def __init__(self, model: Labeller):
        super().__init__()
        self.model = model
        weights = torch.cat([model.heads[head].weight for head in WEIGHED])
        self.register_buffer("weighing", weights.detach().T.clone())

    def forward(self, input_ids, attention_mask):
        hidden = self.model.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        share = hidden * mask / mask.sum(1, keepdim=True)
        pooled = share.sum(1)
        logits = (head(pooled) for head in self.model.heads.values())
        return (pooled, *logits, share @ self.weighing)


def to_onnx(model: Labeller, out: Path, ids: list[list[int]]) -> None:
    """
    Writes onnx/model.onnx and onnx/model_quantized.onnx, the names that transformers.js knows. `ids`: training texts that
    ranges are found on.
    """
    model = smoothed(model, ids)
    folder = out / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    model.encoder.set_attn_implementation("eager")
    ids = torch.randint(1_000, 2_000, (2, 16))
    axes = {name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask")}
    outputs = {name: {0: "batch"} for name in OUTPUTS}
    outputs["words"][1] = "length"
    torch.onnx.export(
        Graph(model).eval().float(), (ids, torch.ones_like(ids)), folder / "model.onnx",
        input_names=["input_ids", "attention_mask"], output_names=OUTPUTS,
        dynamic_axes={**axes, **outputs}, opset_version=17, dynamo=False,
    )
    quantise(folder / "model.onnx", folder / "model_quantized.onnx", ids)
    config = model.encoder.config.to_dict()
    keep = ("architectures", "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads",
            "intermediate_size", "hidden_act", "max_position_embeddings", "vocab_size", "type_vocab_size",
            "layer_norm_eps", "pad_token_id")
    small = {key: config[key] for key in keep if key in config}
    (out / "config.json").write_text(json.dumps(small, indent=2) + "\n")
    tokenizer = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": LENGTH}
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n")


def saturation(path: Path) -> dict:
    """
    Processors without 8-bit dot products add two products of an unsigned activation (0 to 255) and a signed weight in
    16 bits (vpmaddubsw). A pair can reach 255 x (|a| + |b|): reported is the largest over all pairs of neighbours along
    the summed axis, whatever the activations. Under 32,768 nothing saturates.
    """
    model = onnx.load(str(path))
    weights = {w.name: w for w in model.graph.initializer}
    worst, matrices = 0, 0
    for node in model.graph.node:
        if node.op_type != "MatMulInteger":
            continue
        w = numpy_helper.to_array(weights[node.input[1]]).astype(np.int32)
        matrices += 1
        even = w[: len(w) // 2 * 2]
        pairs = 255 * np.maximum(np.maximum(even[0::2], 0) + np.maximum(even[1::2], 0),
                                 np.maximum(-even[0::2], 0) + np.maximum(-even[1::2], 0))
        worst = max(worst, int(pairs.max()))
    return {"matrices": matrices, "largestPairSum": worst, "limit": 32767, "saturates": worst > 32767}


def session_logits(path: Path, ids: list[list[int]], rows: int = 32) -> dict[str, np.ndarray]:
    """Logits by head of an ONNX file, [texts, labels]."""
    from batches import inference

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    out = {head: np.zeros((len(ids), len(labels)), np.float32) for head, labels in HEADS.items()}
    for index, input_ids, mask in inference(ids, rows):
        got = session.run(list(HEADS), {"input_ids": input_ids.numpy(), "attention_mask": mask.numpy()})
        for head, values in zip(HEADS, got, strict=True):
            out[head][index] = values
    return out
