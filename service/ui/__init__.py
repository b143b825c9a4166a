"""Pages for people: the parts that turn answers into HTML."""
