"""The shelf of metrics: what is measured at the end of each month, one file each."""
