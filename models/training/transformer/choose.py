"""What is decided on the selection set and frozen: temperatures, thresholds, the operating point."""

import numpy as np

from data import HEADS, UNKNOWN

LEAST = 30
"""A class with fewer rows here has the pooled threshold."""
ABSTAINED = 0.15
MOST_ABSTAINED = 0.4
"""Of one class, whatever it costs in accuracy."""
RECALL, PRECISION = 0.96, 0.91
DECIDED = ("category", "sentiment", "complaint", "urgency")


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    z = logits.astype(np.float64) / temperature
    z -= z.max(-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(-1, keepdims=True)


def temperature_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """The one of least negative log likelihood, from 0.4 to 3."""
    known = np.flatnonzero(labels != UNKNOWN)
    if len(known) == 0:
        return 1.0
    grid = np.arange(0.4, 3.001, 0.02)
    loss = [-np.log(probabilities(logits[known], t)[np.arange(len(known)), labels[known]] + 1e-12).mean() for t in grid]
    return round(float(grid[int(np.argmin(loss))]), 2)


def thresholds_of(p: np.ndarray, labels: np.ndarray) -> list[float]:
    """Of each label, the confidence under which the head abstains."""
    best, sure = p.argmax(-1), p.max(-1)
    pooled = float(np.quantile(sure, ABSTAINED))
    wanted = (best == labels)[sure >= pooled].mean()
    out = []
    for label in range(p.shape[-1]):
        here = best == label
        if (labels == label).sum() < LEAST or here.sum() < LEAST:
            out.append(pooled)
            continue
        right, conf = (labels == label)[here], sure[here]
        most = float(np.quantile(conf, MOST_ABSTAINED))
        fits = [t for t in np.sort(conf) if t <= most and right[conf >= t].mean() >= wanted]
        out.append(float(fits[0]) if fits else most)
    return [round(min(t, 0.95), 4) for t in out]


def negative_score(p: dict[str, np.ndarray]) -> np.ndarray:
    """The surer of "the writer is displeased" and "somebody should act"; src/inference computes the same."""
    return np.maximum(p["sentiment"][:, 0], p["complaint"][:, 0])


def operating_point(score: np.ndarray, act: np.ndarray) -> float:
    """The cut whose recall and precision stand farthest over what is asked of them."""
    best, at = -1.0, 0.5
    for cut in np.unique(np.round(score, 3)):
        said = score >= cut
        recall, precision = said[act].mean(), act[said].mean()
        margin = min((recall - RECALL) / (1 - RECALL), (precision - PRECISION) / (1 - PRECISION))
        if margin > best:
            best, at = margin, float(cut)
    return at


def second_from(p: np.ndarray, rows_second: np.ndarray, best: np.ndarray) -> float:
    """Least probability of a second category: the cut of the best F1 on rows that have one."""
    none = len(HEADS["category"])
    masked = p[:, :none].copy()
    masked[np.arange(len(best)), best] = 0
    guess, sure = masked.argmax(-1), masked.max(-1)
    scores = []
    grid = np.arange(0.05, 0.95, 0.01)
    for cut in grid:
        said = sure >= cut
        hit = (said & (guess == rows_second)).sum()
        scores.append(2 * hit / max(1, said.sum() + (rows_second != none).sum()))
    return round(float(grid[int(np.argmax(scores))]), 2)


def choose(logits: dict[str, np.ndarray], labels: dict[str, np.ndarray]) -> dict:
    temperatures = {h: temperature_of(logits[h], labels[h]) for h in (*DECIDED, "second", "language")}
    p = {h: probabilities(logits[h], t) for h, t in temperatures.items()}
    act = (labels["sentiment"] == 0) | (labels["complaint"] == 0)
    return {
        "temperatures": temperatures,
        "abstainBelow": {
            h: dict(zip(HEADS[h], thresholds_of(p[h], labels[h]), strict=True)) for h in DECIDED
        },
        "secondFrom": second_from(p["second"], labels["second"], p["category"].argmax(-1)),
        "negativeFrom": round(operating_point(negative_score(p), act), 4),
    }


def summary(logits: dict[str, np.ndarray], labels: dict[str, np.ndarray], chosen: dict) -> dict:
    """A few figures to choose by; `redress evaluate` prints those that are published."""
    t = chosen["temperatures"]
    p = {h: probabilities(logits[h], t[h]) for h in t}
    best = {h: p[h].argmax(-1) for h in p}
    out = {h: round(float((best[h] == labels[h]).mean()), 4) for h in DECIDED}
    out["category_or_second"] = round(
        float(((best["category"] == labels["category"]) | (best["category"] == labels["second"])).mean()), 4)
    act = (labels["sentiment"] == 0) | (labels["complaint"] == 0)
    said = negative_score(p) >= chosen["negativeFrom"]
    out["negative_recall"] = round(float(said[act].mean()), 4)
    out["negative_precision"] = round(float(act[said].mean()), 4)
    sure = np.argsort(-p["category"].max(-1))[: int(len(act) * 0.85)]
    out["surest_85"] = round(float((best["category"] == labels["category"])[sure].mean()), 4)
    return out
