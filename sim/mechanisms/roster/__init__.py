"""Who is there this month, and who speaks for whom."""
