"""Files as answers: always downloads, with their Chinese names."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def file_answer(filename: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response
