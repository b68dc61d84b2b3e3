"""The object store: a port for bytes that must outlive the process, and its adapters.

Owns names and bytes only; who an object belongs to is the business of the room that put it there.
Words: *object* (bytes under a UUID), *store* (where objects live). Adapters: `local` (a folder).
Neighbours: the rooms that keep bytes get the store of the settings from `open_store`.
"""

from storage.opening import open_store
from storage.port import BadName, NoSuchObject, ObjectStore, Stat, StorageError, Stored, TooLarge

__all__ = ["BadName", "NoSuchObject", "ObjectStore", "Stat", "StorageError", "Stored", "TooLarge", "open_store"]
