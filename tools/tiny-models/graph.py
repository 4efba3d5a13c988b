"""A thin layer over onnx.helper: each call adds one node and returns the name of its output."""

from __future__ import annotations

import logging

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 18
# Old enough for every onnxruntime that a user of transformers.js may have.
IR_VERSION = 9

FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64


class Graph:
    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self.counter = 0

    def input(self, name: str, kind: int, shape: list) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, source: str, name: str, kind: int, shape: list) -> None:
        self.nodes.append(helper.make_node("Identity", [source], [name], name=f"out_{name}"))
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def weight(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name)
        return name

    def number(self, value, kind=np.float32) -> str:
        array = np.array(value, kind)
        name = f"const_{array.dtype}_{'x'.join(map(str, array.shape))}_" + "_".join(
            str(x).replace("-", "m") for x in array.reshape(-1)
        )
        self.constants.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def ints(self, *values: int) -> str:
        return self.number(list(values), np.int64)

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes) -> str:
        self.counter += 1
        name = name or f"{kind}_{self.counter}"
        self.nodes.append(helper.make_node(kind, list(inputs), [f"{name}_out"], name=name, **attributes))
        return f"{name}_out"

    # Shapes

    def dim(self, tensor: str, axis: int) -> str:
        return self.op("Shape", tensor, start=axis, end=axis + 1)

    def reshape(self, tensor: str, *dims: int) -> str:
        return self.op("Reshape", tensor, self.ints(*dims))

    def slice_last(self, tensor: str, start: int, end: int) -> str:
        return self.op("Slice", tensor, self.ints(start), self.ints(end), self.ints(-1))

    # Layers

    def linear(self, x: str, name: str, matrix: np.ndarray, bias: np.ndarray | None = None) -> str:
        y = self.op("MatMul", x, self.weight(f"{name}.weight", matrix), name=name)
        return y if bias is None else self.op("Add", y, self.weight(f"{name}.bias", bias))

    def rms_norm(self, x: str, name: str, scale: np.ndarray, eps: float) -> str:
        mean = self.op("ReduceMean", self.op("Mul", x, x), self.ints(-1), keepdims=1)
        root = self.op("Sqrt", self.op("Add", mean, self.number(eps)))
        return self.op("Mul", self.op("Div", x, root), self.weight(f"{name}.weight", scale))

    def layer_norm(self, x: str, name: str, scale: np.ndarray, bias: np.ndarray, eps: float) -> str:
        return self.op(
            "LayerNormalization",
            x,
            self.weight(f"{name}.weight", scale),
            self.weight(f"{name}.bias", bias),
            axis=-1,
            epsilon=eps,
        )

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes, self.name, self.inputs, self.outputs, initializer=list(self.constants.values())
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="openmux-tiny-models",
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model


def save(model: onnx.ModelProto, path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def quantize(source, target, keep: list[str]) -> None:
    """Writes the q8 variant; `keep` names the nodes that stay in float."""
    # It asks for shape inference and fusing first: the published models were not prepared in this way either.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        source,
        target,
        # Signed weights against unsigned activations saturate on x86 processors without VNNI, and the
        # fixture must give the same text on every machine.
        weight_type=QuantType.QUInt8,
        nodes_to_exclude=keep,
    )
    model = onnx.load(str(target))
    model.producer_name = "openmux-tiny-models"
    model.producer_version = ""
    save(model, target)
