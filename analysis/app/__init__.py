"""The page: one screen, one world, one clock. ``python -m analysis app`` serves it on this machine only."""
