"""The picture of a dossier's life in `docs/architecture.md`, drawn from the table of moves."""

from backend.dossiers.moves import MOVES
from backend.dossiers.tables import State


def life() -> str:
    """Return the state diagram (Mermaid): every state that a move enters or leaves, every move that changes it."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    ways: dict[tuple[State, State], list[str]] = {}
    for move in MOVES.values():
        for source in State:
            for target in State:
                if source in move.sources and target in move.targets and source is not target:
                    ways.setdefault((source, target), []).append(move.name)
    lines += [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in ways.items()]
    entered, left = {target for _source, target in ways}, {source for source, _target in ways}
    lines += [f"    {state} --> [*]" for state in State if state in entered - left]
    return "\n".join(lines)
