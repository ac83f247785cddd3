"""Figures, tables and reports: they read stored runs through one door, and the model never imports them."""
