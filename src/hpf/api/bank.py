"""银行推送: the door for SBDC100. Who says it is checked by the message's own signature, inside the treasury."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hpf.treasury.services import receive_notice


@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """到账通知: booked at once; the bank repeats what is not confirmed."""
    answer = receive_notice(dict(request.headers), request.body, key=str(settings.HPF_BANK_KEY).encode(), at=timezone.now())
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    return response
