"""A dossier's life: drafts, filing, moves, deadlines, papers, results, tracking.

It owns dossiers with their notes, statutory papers, results and the counters of their codes. Words: *draft* (its owner's
alone), *prepared* (for the counter), *filed* (it has a code), *move* (one line of the table in `moves.py`), *slot* (where
a file belongs). Neighbours: procedures say what is needed, forms ask it, files keep it, history remembers who did what.
"""
