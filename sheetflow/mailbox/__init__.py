"""The mailbox: what was sent and answered, read from the headers of a person's mail; and drafts, where one wants them.

``facts`` says what a mailbox showed, ``headers`` who wrote a mail, ``match`` whose mail it is and what it counts
as, ``seen`` keeps that in a cell: all of them pure. ``providers`` and ``imap`` are the way to the mailbox.
"""
