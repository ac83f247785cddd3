"""Law on data: what protects at home, what was undertaken, and what raising it costs."""
