"""What older versions wrote and called things, and how this one reads it.

:mod:`sim.older.forms` brings manifests of older forms to the newest, a step a form (``to_2``, ``to_3``); :mod:`sim.older.names` is the
table of moved names (``moved_names.csv``), :mod:`sim.older.turning` turns what is told in old names. No old folder is ever written anew.
"""
