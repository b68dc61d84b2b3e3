"""Mechanisms: settings, database, pages, streams, jobs, clock, text. Imports no room and says no word of the domain."""
