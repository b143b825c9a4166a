"""Tables to a snapshot: rows and the rules on them, statements, shapes, checks, and what is written at the end."""
