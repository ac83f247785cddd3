"""The shelf of agreement types: what states may sign, one file each."""
