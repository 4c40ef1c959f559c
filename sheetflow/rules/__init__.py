"""Where every row stands and what to do next: the dates, the rules, the reasons."""
