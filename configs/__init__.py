"""Hydra configuration groups, shipped as package data so that an installed copy finds them."""
