"""Equations used by more than one room: payoffs and frontier, gravity, reputation, candidates, who speaks for whom, names of luck."""
