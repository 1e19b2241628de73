"""
int8 of a float32 graph: weights per channel, activations by ranges found on training texts and fixed, so that what a text is
answered does not depend on the texts beside it; embeddings with a scale for each piece.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from batches import inference

KEPT = ("layer.0/output/dense", "layer.1/output/dense", "layer.2/output/dense")
"""Products that stay float beside the heads: where int8 moves the logits most, as far as 30 MB reach; chosen on dev."""
TABLE = 100_000
"""Numbers from which a table that is looked up in is quantised."""


def constants(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    return {w.name: w for w in graph.initializer}


def floats_of(graph: onnx.GraphProto) -> list[str]:
    """Matrix products that stay float: the heads, which are small and decide, and KEPT."""
    known = constants(graph)
    products = [n.name for n in graph.node if n.op_type in ("MatMul", "Gemm") and n.input[1] in known]
    return [name for name in products if "layer." not in name or any(kept in name for kept in KEPT)]


def ranges(path: Path, tensors: list[str], ids: list[list[int]]) -> dict[str, tuple[float, float]]:
    """Least and greatest value of each tensor over these texts, read one length at a time: padding is not looked at."""
    model = onnx.load(str(path))
    model.graph.output.extend(helper.make_tensor_value_info(t, TensorProto.FLOAT, None) for t in tensors)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = {t: (0.0, 0.0) for t in tensors}
    for _, input_ids, mask in inference(ids, 1):
        got = session.run(tensors, {"input_ids": input_ids.numpy(), "attention_mask": mask.numpy()})
        for t, values in zip(tensors, got, strict=True):
            least, most = found[t]
            found[t] = (min(least, float(values.min())), max(most, float(values.max())))
    return found


def fix_ranges(graph: onnx.GraphProto, found: dict[str, tuple[float, float]]) -> None:
    """A fixed scale and zero point in the place of each DynamicQuantizeLinear."""
    for at, node in enumerate(list(graph.node)):
        if node.op_type != "DynamicQuantizeLinear":
            continue
        x, (quantised, scale, zero) = node.input[0], node.output
        least, most = found[x]
        step = max((most - least) / 255, 1e-8)
        graph.initializer.extend([
            numpy_helper.from_array(np.float32(step), scale),
            numpy_helper.from_array(np.uint8(np.clip(round(-least / step), 0, 255)), zero),
        ])
        graph.node.remove(node)
        graph.node.insert(at, helper.make_node("QuantizeLinear", [x, scale, zero], [quantised], name=node.name))


def small_tables(graph: onnx.GraphProto) -> None:
    """Tables as int8 with one scale a row."""
    for node in list(graph.node):
        table = constants(graph).get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or np.prod(table.dims) < TABLE:
            continue
        values, name = numpy_helper.to_array(table), table.name
        step = np.maximum(np.abs(values).max(1, keepdims=True), 1e-8) / 127
        graph.initializer.remove(table)
        graph.initializer.extend([
            numpy_helper.from_array(np.round(values / step).astype(np.int8), f"{name}_int8"),
            numpy_helper.from_array(step.astype(np.float32), f"{name}_step"),
        ])
        at, out, index = list(graph.node).index(node), node.output[0], node.input[1]
        graph.node.remove(node)
        for i, made in enumerate([
            helper.make_node("Gather", [f"{name}_int8", index], [f"{out}_int8"], name=f"{node.name}_int8"),
            helper.make_node("Cast", [f"{out}_int8"], [f"{out}_float"], name=f"{node.name}_cast", to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}_step", index], [f"{out}_step"], name=f"{node.name}_step"),
            helper.make_node("Mul", [f"{out}_float", f"{out}_step"], [out], name=f"{node.name}_scale"),
        ]):
            graph.node.insert(at + i, made)


def quantise(full: Path, small: Path, ids: list[list[int]], reduce_range: bool = True) -> None:
    """`ids`: training texts that ranges are found on."""
    quantize_dynamic(
        full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=reduce_range,
        op_types_to_quantize=["MatMul"], nodes_to_exclude=floats_of(onnx.load(str(full)).graph),
    )
    model = onnx.load(str(small))
    inputs = [n.input[0] for n in model.graph.node if n.op_type == "DynamicQuantizeLinear"]
    fix_ranges(model.graph, ranges(full, inputs, ids))
    small_tables(model.graph)
    onnx.save(model, str(small))
