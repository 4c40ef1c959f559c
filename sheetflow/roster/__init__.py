"""Many sheets: a list of people and their trackers, each brought up to date by itself (the rules, section 12)."""
