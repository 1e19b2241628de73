"""Rows that prepare.ts wrote, as tensors of labels."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# The order is that of src/complaint/labels.ts and never changes.
HEADS = {
    "category": [
        "network", "internet", "billing", "plans_pricing", "customer_care", "sim_account",
        "device_app", "mobile_money", "vas_spam", "fraud", "cancellation_refund", "other",
    ],
    "sentiment": ["negative", "neutral", "positive"],
    "complaint": ["y", "n"],
    "urgency": ["low", "normal", "high"],
    "second": [],
    "language": ["en", "pcm", "mix", "hau", "yor", "ibo", "other"],
}
HEADS["second"] = HEADS["category"] + ["-"]
UNKNOWN = -100
"""Label of a head that a row says nothing about; the loss leaves it out."""


@dataclass(frozen=True)
class Rows:
    texts: list[str]
    labels: dict[str, np.ndarray]
    """One int64 array a head, -100 where unknown."""
    weights: np.ndarray
    """What a row counts in the loss."""
    clusters: np.ndarray
    meta: list[dict]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, index: np.ndarray) -> "Rows":
        return Rows(
            [self.texts[i] for i in index],
            {head: values[index] for head, values in self.labels.items()},
            self.weights[index],
            self.clusters[index],
            [self.meta[i] for i in index],
        )


def weight_of(row: dict) -> float:
    if row["source"] == "written":
        return 1.0 if row["language"] in ("hau", "yor", "ibo") else 0.5
    return 0.3 if row["retweet"] else 1.0


def label_of(row: dict, head: str) -> int:
    if head == "language":
        value = row["language"]
        return HEADS[head].index(value) if value in HEADS[head] else UNKNOWN
    return HEADS[head].index(row["labels"][head])


def read_rows(work: Path) -> dict[str, Rows]:
    """Labelled rows by part: train, select, dev, holdout, test."""
    parts: dict[str, list[dict]] = {}
    for line in (work / "rows.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["part"] != "plain":
            parts.setdefault(row["part"], []).append(row)
    written_clusters = 1_000_000  # clusters of written and of real rows are numbered apart
    return {
        part: Rows(
            [r["text"] for r in rows],
            {head: np.array([label_of(r, head) for r in rows]) for head in HEADS},
            np.array([weight_of(r) for r in rows]),
            np.array([r["cluster"] + (written_clusters if r["source"] == "written" else 0) for r in rows]),
            rows,
        )
        for part, rows in parts.items()
    }


def read_plain(work: Path) -> list[str]:
    """Texts for masked-language training: the labelled ones that may be trained on, and the plain ones."""
    texts = []
    for line in (work / "rows.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["part"] in ("train", "select", "plain"):
            texts.append(row["text"])
    return texts


def join(a: Rows, b: Rows) -> Rows:
    return Rows(
        a.texts + b.texts,
        {head: np.concatenate([a.labels[head], b.labels[head]]) for head in HEADS},
        np.concatenate([a.weights, b.weights]),
        np.concatenate([a.clusters, b.clusters]),
        a.meta + b.meta,
    )


def folds(clusters: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Fold of each row; rows of a near-duplicate cluster share one."""
    unique = np.unique(clusters)
    of = np.random.default_rng(seed).integers(0, count, len(unique))
    return of[np.searchsorted(unique, clusters)]
