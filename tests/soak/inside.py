"""The two halves of a torment that speak from inside the fund, as a process of their own: `setup …` and `prove BANK_URL`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def run(setup: Callable[..., dict[str, Any]], prove: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
    """`setup` gets the words of the command line, whole numbers as such, and prints its plan; `prove` reads the plan from stdin."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    match sys.argv[1:]:
        case ["setup", *given]:
            print(json.dumps(setup(*(int(word) if word.isdigit() else word for word in given)), ensure_ascii=False))
        case ["prove", bank_url]:
            print(json.dumps(prove(bank_url, json.load(sys.stdin)), ensure_ascii=False))
