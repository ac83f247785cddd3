"""Two worlds on the same luck: what a shock changed, run by run, with intervals over the pairs."""
