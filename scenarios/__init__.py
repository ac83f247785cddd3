"""Scenarios, one file each, shipped as package data so that an installed copy finds them."""
