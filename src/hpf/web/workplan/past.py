"""历史 of a task, in one centre or in all of them, page by page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hpf.web.workplan.lines import past
from hpf.web.workplan.scene import centres, is_province, opens, own_centre, show, whole
from hpf.workplan.queries import history, tasks

SHOWN = 30
"""The newest, on the page of a task; whoever wants all turns the pages of its history."""
SIZE = 100


@require_GET
@opens
def task_past(request: HttpRequest, task_id: int, centre: int | None = None) -> HttpResponse:
    """All that happened to a task, newest first; the province reads all centres together, a centre its own and the province's lines."""
    if centre is not None:
        own_centre(request, centre)
    elif not is_province(request):
        raise Http404
    task, names = tasks.task(task_id), centres()
    number = whole(request.GET.get("page")) or 1
    found, total = _page(task_id, centre, (number - 1) * SIZE) if task else ([], 0)
    pages = max(1, -(-total // SIZE))
    if task is None or number > pages:
        raise Http404
    back = reverse("web:workplan_task", args=[task_id]) if centre is None else reverse("web:workplan_assignment", args=[task_id, centre])
    return show(
        request, "past", task=task, centre_name=names[centre] if centre else "", past=past(found, names if is_province(request) else None),
        total=total, number=number, pages=pages, back=back,
    )  # fmt: skip


def _page(task_id: int, centre: int | None, offset: int) -> tuple[list[history.EventView], int]:
    if centre is None:
        return history.history(centre_id=None, task_id=task_id, limit=SIZE, offset=offset)
    number = tasks.assignment_id(task_id, centre)
    return history.history(centre_id=centre, assignment_id=number, limit=SIZE, offset=offset) if number is not None else ([], 0)
