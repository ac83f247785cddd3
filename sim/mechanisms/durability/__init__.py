"""Durability: what texts say of their own life, and what comes of it as they are reviewed and their terms end."""
