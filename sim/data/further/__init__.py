"""Tables of instruments, deals and law: what is in force between whom, trade agreements, authorities and rights of foreigners.

Pairs of services trade are read where trade is fitted, and by no run. Each table is declared in ``fields.csv`` of this folder and told in
``docs/data.md``. A user's folder of tables may replace them as any other.
"""
