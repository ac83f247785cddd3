"""The state of a run: its schema, its tables and the world that holds them. No rules."""
