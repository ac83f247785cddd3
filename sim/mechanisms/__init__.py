"""The shelf of mechanisms: the rules of a month, one file each; their order is the table in ``sim.engine``."""
