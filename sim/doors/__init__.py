"""The doors: what a person types becomes one validated configuration, and what a run found becomes words.

``overrides`` reads what was typed, ``compose`` lets Hydra put it together, ``serve`` runs it, ``summary`` and ``helptext`` put it into
words. The last word on what is valid belongs to :mod:`sim.params`, which Python callers share.
"""
