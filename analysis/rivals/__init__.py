"""The model beside nulls and rival theories: every scored fact and the backtest under each, in one table.

``python -m analysis rivals`` lives each rival of the shelf (:mod:`sim.rivals`) as a world, on the seeds of the model.
"""
