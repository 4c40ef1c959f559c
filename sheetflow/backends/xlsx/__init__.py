"""Trackers in .xlsx files."""
