"""Other ways to find ads of the same wording, each as it is sensibly used.

A peer takes the ads' words (title and text) and returns one label an ad, -1 for an ad alone. All
join what they find similar by single links. They are an optional dependency group:
``uv run --group peers harborlight bench recognize --against tfidf``.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

Labels = npt.NDArray[np.int64]

#: Peer -> (module it needs, how it is used here).
PEERS = {
    "tfidf": ("sklearn", "TfidfVectorizer, cosine >= 0.4"),
    "datasketch": ("datasketch", "MinHashLSH, 128 permutations, 3-word shingles, Jaccard >= 0.5"),
    "rensa": ("rensa", "RMinHashLSH, 128 permutations, 3-word shingles, Jaccard >= 0.3 verified"),
}


class PeerError(ValueError):
    """A peer that does not exist or is not installed. The message is one clear line."""


def check(names: Iterable[str]) -> None:
    """Raise PeerError for a peer that is unknown or not installed."""
    for name in names:
        peer, _ = parse(name)
        if importlib.util.find_spec(PEERS[peer][0]) is None:
            raise PeerError(
                f"{peer} is not installed; run: "
                f"uv run --group peers harborlight bench recognize --against {name}"
            )


def parse(name: str) -> tuple[str, float | None]:
    """Split ``tfidf:0.5`` into the peer and the least similarity it links (None: its own)."""
    peer, _, least = name.partition(":")
    if peer not in PEERS:
        raise PeerError(f"no peer is called {peer!r}; there are {', '.join(PEERS)}")
    try:
        value = float(least) if least else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 < value <= 1:
        raise PeerError(f"{name}: after the colon goes a similarity between 0 and 1")
    return peer, value


def group(name: str, texts: Sequence[str]) -> Labels:
    """Group texts by the peer of this name, as in ``tfidf`` or ``tfidf:0.5``."""
    by_name: dict[str, Callable[..., Labels]] = {
        "tfidf": tfidf,
        "datasketch": datasketch,
        "rensa": rensa,
    }
    peer, least = parse(name)
    return by_name[peer](texts) if least is None else by_name[peer](texts, least)


def components(count: int, a: Sequence[int] | Labels, b: Sequence[int] | Labels) -> Labels:
    """Label the connected components of pairs (a, b) among ``count`` ads; -1 for an ad alone."""
    ones = np.ones(len(a), dtype=np.int8)
    graph = sp.coo_matrix((ones, (np.asarray(a), np.asarray(b))), shape=(count, count))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    alone = np.bincount(labels, minlength=1)[labels] < 2
    return np.where(alone, -1, labels)


def words(text: str) -> list[str]:
    """Return the lower-case words of a text."""
    return re.findall(r"\w+", text.lower())


def shingles(text: str, size: int) -> set[str]:
    """Return the runs of ``size`` words of a text."""
    parts = words(text)
    if len(parts) <= size:
        return {" ".join(parts)}
    return {" ".join(parts[i : i + size]) for i in range(len(parts) - size + 1)}


def tfidf(texts: Sequence[str], least: float = 0.4, block: int = 1000) -> Labels:
    """TF-IDF vectors of words; pairs of cosine at least ``least``, a block of rows at a time."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(min_df=2, dtype=np.float32).fit_transform(texts)
    across = vectors.T.tocsr()
    a: list[npt.NDArray[np.int32]] = []
    b: list[npt.NDArray[np.int32]] = []
    for first in range(0, len(texts), block):
        product = (vectors[first : first + block] @ across).tocoo()
        kept = (product.data >= least) & (product.row + first < product.col)
        a.append(product.row[kept] + first)
        b.append(product.col[kept])
    return components(len(texts), np.concatenate(a), np.concatenate(b))


def datasketch(texts: Sequence[str], least: float = 0.5) -> Labels:
    """MinHash of 3-word shingles, banded; pairs whose estimated Jaccard is at least ``least``."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=least, num_perm=128)
    hashes = []
    for number, text in enumerate(texts):
        minhash = MinHash(num_perm=128)
        minhash.update_batch([s.encode() for s in shingles(text, 3)])
        hashes.append(minhash)
        index.insert(number, minhash)
    a, b = [], []
    for number, minhash in enumerate(hashes):
        for other in index.query(minhash):
            if other > number and minhash.jaccard(hashes[other]) >= least:
                a.append(number)
                b.append(other)
    return components(len(texts), a, b)


def rensa(texts: Sequence[str], least: float = 0.3, size: int = 3, bands: int = 32) -> Labels:
    """MinHash of 3-word shingles, banded; pairs whose true Jaccard is at least ``least``."""
    from rensa import RMinHash, RMinHashLSH

    sets = [shingles(text, size) for text in texts]
    hashes = RMinHash.from_token_sets([sorted(s) for s in sets], 128, 42)
    index = RMinHashLSH(least, 128, bands)
    index.insert_many(hashes)
    a, b = [], []
    for number, others in enumerate(index.query_all(hashes)):
        mine = sets[number]
        for other in others:
            if other > number:
                both = len(mine & sets[other])
                if both >= least * (len(mine) + len(sets[other]) - both):
                    a.append(number)
                    b.append(other)
    return components(len(texts), a, b)
