"""Requests to answers, one module per resource; what routes share is the pool and the settings of the app."""
