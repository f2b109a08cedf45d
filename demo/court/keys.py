"""法院密钥: the made-up courts of the demo and their secrets, derived so that the fund and the platform know the same."""

from __future__ import annotations

import hashlib
import hmac

from demo.province import published


def client_of(centre_code: str) -> str:
    return f"court.{centre_code}"


def secret_of(client_no: str) -> str:
    from django.conf import settings

    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{client_no}".encode(), hashlib.sha256).hexdigest()


def every_secret() -> dict[str, str]:
    """{client number: secret} of every centre's court."""
    return {client_of(centre.code): secret_of(client_of(centre.code)) for centre in published.centres()}
