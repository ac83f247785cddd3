"""The shelf of shocks: pure overlays of a month's world, one file each; the baseline has none."""
