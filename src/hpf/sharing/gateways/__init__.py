"""Talking to other departments: signed messages over HTTP. Knows messages, not what they mean."""
