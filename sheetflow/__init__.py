"""sheetflow: from an interview tracker to the note to send today."""

__version__ = "0.1.0"
