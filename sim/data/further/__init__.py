"""Tables that no rule of the month reads so far, read only when asked for: a worker does not open them.

Each is declared in ``fields.csv`` of this folder and told in ``docs/data.md``. A user's folder of tables may replace them as any other.
"""
