"""Courts: who complains of an agreement on data, when a court rules, and what it strikes."""
