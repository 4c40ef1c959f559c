"""Trackers in .csv files."""
