"""The append-only record of who did what to which subject, and its proof."""
