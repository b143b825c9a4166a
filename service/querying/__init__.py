"""A request to a question that may be asked: the protocol, the text of a query, what is refused and why."""
