"""Search in a catalogue of the national size."""

import random
import time

from backend.kit.text import fold
from backend.procedures.search import Index
from benchmarks.figures import Figure, quantile
from tests.procedures.many import many, typo
from tests.procedures.real import entries

QUERIES, SEED = 600, 5


def search_7000() -> Figure:
    """Names typed without accents and with a typo; the baseline reads every name once with `in`."""
    everything = [*entries(), *many()]
    index = Index(everything)
    asked = _queries()
    names = [entry.name.casefold() for entry in everything]
    took, scanned = [], []
    for query in asked:
        begun = time.perf_counter()
        index.search(query)
        took.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        [name for name in names if query in name]
        scanned.append(time.perf_counter() - begun)
    return Figure(
        unit="ms (p95)",
        value=quantile(took, 0.95) * 1000,
        baseline=quantile(scanned, 0.95) * 1000,
        p50_ms=quantile(took, 0.5) * 1000,
        p95_ms=quantile(took, 0.95) * 1000,
        n=len(took),
        goal="p95_ms < 20",
    )


def _queries() -> list[str]:
    chance = random.Random(SEED)
    texts = [fold(text) for entry in [*entries(), *many()] for text in (entry.plain_name, *entry.synonyms)]
    return [typo(text, chance) if number % 2 else text for number, text in enumerate(chance.sample(texts, QUERIES))]
