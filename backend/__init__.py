"""Một Cửa, the electronic one-stop shop of a commune. `ROOMS` is the order of the house: a room imports only rooms before it."""

ROOMS = ("history", "accounts", "agencies", "notifications", "files", "forms", "procedures", "dossiers", "staff")
