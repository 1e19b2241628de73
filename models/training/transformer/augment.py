"""Changes that leave the meaning: towards pre-cleaned posts, towards live text, towards SMS."""

import re
from random import Random

VOWELS = set("aeiou")
WORD = re.compile(r"[A-Za-z]{4,}")
TOKEN = re.compile(r"\[[A-Z]+\]")


def strip_signs(text: str, _: Random) -> str:
    """As SentiTel's posts are: no @, #, digits, punctuation."""
    parts = re.split(r"(\[[A-Z]+\])", text)
    return "".join(p if TOKEN.fullmatch(p) else re.sub(r"[^A-Za-z\s]+", " ", p) for p in parts)


def add_handle(text: str, random: Random) -> str:
    """As live posts are: somebody is addressed."""
    handle = random.choice(["user ", "user user ", "RT user: ", "Dear user, ", ". user "])
    return handle + text if random.random() < 0.7 else f"{text} user"


def drop_handles(text: str, _: Random) -> str:
    return re.sub(r"\buser\b", " ", text)


def digits(text: str, random: Random) -> str:
    return re.sub(r"\d", lambda _: str(random.randrange(10)), text)


def typos(text: str, random: Random) -> str:
    """A letter lost, doubled or swapped, or the vowels gone, in one word of eight."""

    def typo(match: re.Match) -> str:
        word = match.group()
        if random.random() > 0.125:
            return word
        at = random.randrange(1, len(word) - 1)
        kind = random.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1 :]
        if kind == 1:
            return word[:at] + word[at] + word[at:]
        if kind == 2:
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        return word[0] + "".join(c for c in word[1:-1] if c.lower() not in VOWELS) + word[-1]

    parts = re.split(r"(\[[A-Z]+\])", text)
    return "".join(p if TOKEN.fullmatch(p) else WORD.sub(typo, p) for p in parts)


def cut(text: str, random: Random) -> str:
    """A post cut off near its end, as retweets and SMS are."""
    words = text.split()
    if len(words) < 12:
        return text
    return " ".join(words[: int(len(words) * random.uniform(0.75, 0.95))])


CHANGES = [(strip_signs, 0.22), (add_handle, 0.15), (drop_handles, 0.1), (typos, 0.2), (digits, 0.15), (cut, 0.05)]


def augmented(text: str, random: Random) -> str:
    for change, share in CHANGES:
        if random.random() < share:
            text = change(text, random)
    text = re.sub(r"\s+", " ", text).strip()
    return text or "."
