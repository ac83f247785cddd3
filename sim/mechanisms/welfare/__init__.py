"""Who gains and who loses by what is in force, this month."""
