"""The line to the courts' platforms: signed answers over HTTP. Knows messages, not accounts."""
