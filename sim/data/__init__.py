"""Figures with unit, year and source: our tables of the 193 UN members, a user's own tables, synthetic rosters."""
