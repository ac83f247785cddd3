"""What parties believe of one another, and reputation, by which beliefs move."""
