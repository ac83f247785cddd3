"""Who is online: use of the internet, its price, skills and the technology of own providers (:mod:`sim.mechanisms.access.rule`)."""
