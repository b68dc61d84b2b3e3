"""`bin/bench [NAME …]`: one JSON object a line for each benchmark, the goal beside what was measured."""

import json
import sys
from collections.abc import Callable

from benchmarks import finding, pages
from benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[], Figure]] = {
    "procedure_page": pages.procedure_page,
    "dossier_page": pages.dossier_page,
    "worklist": pages.worklist,
    "search_7000": finding.search_7000,
}


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; return how the process ends."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(json.dumps({"name": name, **BENCHMARKS[name]().row()}), flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
