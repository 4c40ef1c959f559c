"""Trackers in Google Sheets."""
