"""Compliance: when a word is broken, found out, made good or answered."""
