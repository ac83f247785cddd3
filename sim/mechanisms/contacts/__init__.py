"""Contacts: who meets whom, for how many hours, and over what channel."""
