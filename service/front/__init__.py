"""Connections and responses of the web framework: what every request passes on its way in and out."""
