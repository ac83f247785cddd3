"""Who signs a data instrument with whom: scores of dyads held against what was signed, beside simple rivals (``docs/backtest.md``).

The tables in ``tables/`` are our own; ``SOURCES.csv`` says for each column unit, years, source, grade and terms.
"""
