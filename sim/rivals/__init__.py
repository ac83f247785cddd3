"""The shelf of rivals: nulls and rival theories of who signs with whom, one file each (:mod:`sim.decide.theory`)."""
