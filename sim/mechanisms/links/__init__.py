"""Cables and land lines between states: faults, repair, new lines, latency and bandwidth (:mod:`sim.mechanisms.links.rule`)."""
