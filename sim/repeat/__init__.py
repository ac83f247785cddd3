"""Running a stored result again: from its manifest, or from a bundle that holds its tables and parts, and saying whether it is the same."""
