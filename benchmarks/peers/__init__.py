"""The same updates as other scripts would send them, written for comparison.

Each is handed the cells to change and the rows to highlight, and so does the very same work as sheetflow: what
differs is how it talks to Google.
"""
