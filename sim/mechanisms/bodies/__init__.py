"""Bodies that meet by calendar, what they pass, and whose talks they help along."""
