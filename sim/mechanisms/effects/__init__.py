"""What agreements and closed borders do to flows, and gravity, by which trade follows."""
