"""The officers' home: composes other rooms, owns no table, nobody imports it."""
