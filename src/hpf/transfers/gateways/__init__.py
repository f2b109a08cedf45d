"""Talking to the national transfer platform: the settlement interface's signed messages 901 to 909. Knows messages, not money."""
