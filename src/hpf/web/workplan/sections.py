"""科室人员: who belongs to which section of a centre and who heads it; the director says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from hpf.access import queries as access
from hpf.web.beside import say_beside
from hpf.web.listing import Filter
from hpf.web.page import centre_id, form_key, now, tell
from hpf.web.workplan.forms import SectionForm
from hpf.web.workplan.scene import acting_in, allowed, centres, in_centre, is_province, may, opens, own_centre, show, whole
from hpf.workplan import services
from hpf.workplan.queries import agenda


@require_GET
@opens
def sections(request: HttpRequest) -> HttpResponse:
    """The sections of the visitor's centre; the province looks at one centre after the other."""
    return _shown(request, _centre(request))


def _centre(request: HttpRequest) -> int:
    return own_centre(request, whole(request.GET.get("centre")) or 1) if is_province(request) else centre_id(request)


def _shown(request: HttpRequest, centre: int, sent: SectionForm | None = None, where: str = "") -> HttpResponse:
    with in_centre(request, centre):
        seats = agenda.sections(centre)
        people = [(str(each.user_id), each.name, each.roles) for each in access.staff(centre)]
    edits = may(request, "workplan.sections") and not is_province(request)
    cards = [(seat, sent if sent and where == f"s{at}" else _form(people, at, seat)) for at, seat in enumerate(seats)] if edits else [
        (seat, None) for seat in seats
    ]  # fmt: skip
    seated = {person for seat in seats for person, *_ in seat.members}
    choice = Filter("centre", "中心", [(str(number), name) for number, name in centres().items()], value=str(centre))
    return show(
        request, "sections", cards=cards, fresh=(sent if sent and where == "new" else SectionForm(people=people, prefix="new")) if edits else None,
        centre=centre, centre_name=centres()[centre], filter=choice if is_province(request) else None, opened=where,
        unseated=[(name, roles) for number, name, roles in people if number not in seated] if edits else [],
    )  # fmt: skip


def _form(people: list[tuple[str, str, str]], at: int, seat: agenda.SectionView) -> SectionForm:
    """Who left the centre is still shown as long as he sits there, so that he can be taken out."""
    known = {number for number, *_ in people}
    gone = [(person, name, "已不在本中心任职") for person, name, _ in seat.members if person not in known]
    first = {
        "section": seat.section, "members": [person for person, *_ in seat.members], "heads": [person for person, _, head in seat.members if head],
    }  # fmt: skip
    return SectionForm(people=[*people, *gone], prefix=f"s{at}", initial=first)


@require_POST
@opens
def seat(request: HttpRequest) -> HttpResponse:
    """Save one section as it was ticked; nobody ticked means that the section is dissolved."""
    allowed(request, "workplan.sections")
    centre, where = centre_id(request), request.POST.get("form", "new")[:8]
    people = [(str(each.user_id), each.name, each.roles) for each in access.staff(centre)]
    people += [
        (person, name, "") for seat in agenda.sections(centre) for person, name, _ in seat.members if person not in {p for p, *_ in people}
    ]
    form = SectionForm(request.POST, people=people, prefix=where)
    if not form.is_valid():
        return _shown(request, centre, form, where)
    names, said = {number: name for number, name, _ in people}, form.cleaned_data
    members = tuple(services.Member(number, names[number], number in said["heads"]) for number in names if number in said["members"])
    given: dict[str, Any] = {"by": acting_in(request, centre), "centre_id": centre, "at": now(), "key": form_key(request)}
    decision = services.seat_section(section=said["section"], members=members, **given)
    if decision.is_approved and (done := decision.value):
        tell(request, decision, f"“{done.section}”已登记{done.members}人。" if done.members else f"“{done.section}”已撤销，人员全部移出。")
        return redirect("web:workplan_sections")
    say_beside(form, decision.reasons, {"SECTION_MISSING": "section"})
    return _shown(request, centre, form, where)
