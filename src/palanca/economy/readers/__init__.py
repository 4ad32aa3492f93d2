"""Readers of the layouts in which other producers publish a world economy."""
