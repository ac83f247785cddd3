"""Alliances: who stands close to whom, and what binds them, as graphs."""
