"""
A rival of the transformer bench. Reads one JSON string a line, and labels all since the last empty line at each empty
line, in one thread. Writes one JSON object a line: first {"ready": versions} or {"missing": what}, then
{"texts_per_s": number, "labels": [category, ...]} for each round; a rival that only tells speed has no labels.

    inference.py onnx --model FOLDER --graph FILE     ONNX Runtime and tokenizers on a model of this project
    inference.py torch --model FOLDER                 transformers, float32, a network of the model's shape with random weights
    inference.py linear --train FILE                  TF-IDF and logistic regression; FILE: {"text", "category"} a line
"""

import argparse
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

PIECES_AT_ONCE = 1_024
"""As the product: pieces, padding included, that are computed at once."""


def batches(lengths):
    """Numbers of texts of similar length, at most PIECES_AT_ONCE pieces with their padding."""
    batch = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > PIECES_AT_ONCE:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def pieces(model):
    """A function from texts to lists of piece ids, cut at the model's length."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(decides(model)["pieces"])
    return lambda texts: [e.ids for e in tokenizer.encode_batch(texts)]


def decides(model):
    return json.loads((model / "manifest.json").read_text(encoding="utf-8"))["decides"]


def padded(ids, batch):
    import numpy as np

    length = len(ids[batch[-1]])
    rows = np.zeros((len(batch), length), np.int64)
    mask = np.zeros((len(batch), length), np.int64)
    for row, i in enumerate(batch):
        rows[row, : len(ids[i])] = ids[i]
        mask[row, : len(ids[i])] = 1
    return {"input_ids": rows, "attention_mask": mask}


def onnx(model, graph):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model / graph), options, providers=["CPUExecutionProvider"])
    encode, names = pieces(model), decides(model)["labels"]["category"]

    def label(texts):
        ids, labels = encode(texts), [""] * len(texts)
        for batch in batches([len(i) for i in ids]):
            (logits,) = session.run(["category"], padded(ids, batch))
            for i, best in zip(batch, logits.argmax(1)):
                labels[i] = names[best]
        return labels

    return label, ("onnxruntime", "tokenizers")


def torch(model):
    import torch
    from transformers import AutoConfig, AutoModel

    torch.set_num_threads(1)
    network = AutoModel.from_config(AutoConfig.from_pretrained(str(model))).eval()
    encode = pieces(model)

    def label(texts):
        ids = encode(texts)
        with torch.inference_mode():
            for batch in batches([len(i) for i in ids]):
                network(**{name: torch.from_numpy(values) for name, values in padded(ids, batch).items()})

    return label, ("transformers", "torch", "tokenizers")


def linear(train):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    rows = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines()]
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode"),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
        ),
        LogisticRegression(C=3.0, max_iter=300),
    )
    model.fit([r["text"] for r in rows], [r["category"] for r in rows])
    return lambda texts: model.predict(texts).tolist(), ("scikit-learn",)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("onnx", "torch", "linear"))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--graph")
    parser.add_argument("--train", type=Path)
    args = parser.parse_args()
    say = lambda answer: print(json.dumps(answer), flush=True)
    try:
        if args.kind == "onnx":
            label, packages = onnx(args.model, args.graph)
        else:
            label, packages = torch(args.model) if args.kind == "torch" else linear(args.train)
    except ImportError as e:
        return say({"missing": str(e)})
    say({"ready": ", ".join(f"{name} {version(name)}" for name in packages)})
    texts = []
    for line in sys.stdin.buffer:
        if line.strip():
            texts.append(json.loads(line))
            continue
        begun = time.perf_counter()
        labels = label(texts)
        say({"texts_per_s": len(texts) / (time.perf_counter() - begun), "labels": labels})
        texts = []


main()
