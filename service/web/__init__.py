"""HTTP as such: heads and fields of messages, media types, codings, problems, the lines of the access log."""
