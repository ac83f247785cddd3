"""Digital trade without a world: what a lower cost between two moves, and flows of pairs that fit their margins.

Kernels and plain arrays alone; no rule of the month reads them so far.
"""
