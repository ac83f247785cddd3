"""Ground: paths of data between states as a graph, in whole numbers; it knows neither world nor parts.

A **line** joins two states. Lines that join the same two are collapsed to one **way**: the shortest that is open, and the capacity of all
that are open. Paths and widths are those of ways.
"""
