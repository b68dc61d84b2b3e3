"""What a benchmark says."""

from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark's outcome; `ratio` is value over baseline, both measured in this run."""

    unit: str
    value: float
    baseline: float
    p50_ms: float
    p95_ms: float
    n: int
    goal: str

    def row(self) -> dict[str, object]:
        """Return it as the fields of a JSON line."""
        ratio = self.value / self.baseline if self.baseline else None
        return {
            "unit": self.unit,
            "value": round(self.value, 3),
            "baseline": round(self.baseline, 3),
            "ratio": None if ratio is None else round(ratio, 3),
            "p50_ms": round(self.p50_ms, 3),
            "p95_ms": round(self.p95_ms, 3),
            "n": self.n,
            "goal": self.goal,
        }


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value that `part` (0…1) of `values` do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
