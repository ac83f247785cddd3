"""Protocols of bargaining: each file maps problems to outcomes and knows neither world nor agreements."""
