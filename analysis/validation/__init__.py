"""The stylised facts scored on stored runs: ``python -m analysis validate``."""
