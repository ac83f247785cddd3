"""Outlines of the world, and the script that made them."""
