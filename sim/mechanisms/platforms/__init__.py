"""Platforms: over what hardware or whose service a meeting on a screen is held, and who may listen."""
