"""Losses that are more than a formula: sums over examples, networks, other people's measurements."""
