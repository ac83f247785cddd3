"""What texts are worth to whom in a world: stakes, those at home, packages, votes and treaties of many."""
