"""TF-IDF with logistic regression: the rival that every figure stands beside, and one of the teachers."""

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from data import HEADS, UNKNOWN, Rows, folds


class Linear:
    """Word pairs and character 2- to 5-grams; one logistic regression a head."""

    def __init__(self, rows: Rows, heads: tuple[str, ...]):
        self.words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
        self.chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
        x = hstack([self.words.fit_transform(rows.texts), self.chars.fit_transform(rows.texts)]).tocsr()
        self.heads = {}
        for head in heads:
            known = rows.labels[head] != UNKNOWN
            self.heads[head] = LogisticRegression(C=3.0, max_iter=300).fit(
                x[known], rows.labels[head][known], sample_weight=rows.weights[known]
            )

    def predict(self, texts: list[str]) -> dict[str, np.ndarray]:
        """Log probabilities by head, [texts, labels]; a label never seen has a very small one."""
        x = hstack([self.words.transform(texts), self.chars.transform(texts)]).tocsr()
        out = {}
        for head, model in self.heads.items():
            log = np.full((len(texts), len(HEADS[head])), -12.0, np.float32)
            log[:, model.classes_] = model.predict_log_proba(x)
            out[head] = np.maximum(log, -12.0)
        return out


def out_of_fold(rows: Rows, heads: tuple[str, ...], count: int, seed: int) -> dict[str, np.ndarray]:
    """What a model that has not seen a row, nor a near-duplicate of it, says of it."""
    of = folds(rows.clusters, count, seed)
    out = {head: np.zeros((len(rows), len(HEADS[head])), np.float32) for head in heads}
    for fold in range(count):
        model = Linear(rows.take(np.flatnonzero(of != fold)), heads)
        here = np.flatnonzero(of == fold)
        for head, log in model.predict([rows.texts[i] for i in here]).items():
            out[head][here] = log
    return out
