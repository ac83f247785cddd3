"""What parties decide, in the fast form, and what only these decisions need."""
