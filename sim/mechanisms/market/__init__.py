"""The cloud market: whose data lie where, with providers of which home."""
