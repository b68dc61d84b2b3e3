"""A dossier's life: drafts, filing, moves, deadlines, papers, results, tracking."""
