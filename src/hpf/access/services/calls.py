"""机器调用: a signed call is taken once, and only so many a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from hpf.access.models import Call
from hpf.access.queries import ClientView
from hpf.kernel.decision import Decision, Reason

KEPT_FOR = timedelta(minutes=15)


def accept_call(*, client: ClientView, nonce: str, at: datetime) -> Decision[str]:
    """Note a call whose signature was right. Refuses CALL_REPLAYED and QUOTA_SPENT; forgets calls too old to be replayed."""
    calls = Call.objects.filter(client_id=client.client_id)
    if calls.filter(called_at__gt=at - timedelta(minutes=1)).count() >= client.calls_per_minute:
        message = f"每分钟最多调用{client.calls_per_minute}次，已达上限，请稍后重试。"
        return Decision.refused([Reason("QUOTA_SPENT", message)])
    try:
        with transaction.atomic():
            Call.objects.create(client_id=client.client_id, nonce=nonce, called_at=at)
    except IntegrityError:
        return Decision.refused([Reason("CALL_REPLAYED", "该一次性编号已使用过，拒绝重放，请为每次调用生成新的编号。")])
    calls.filter(called_at__lt=at - KEPT_FOR).delete()
    return Decision.approved(nonce)
