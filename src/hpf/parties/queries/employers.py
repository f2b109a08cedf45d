"""缴存单位: reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hpf.parties.models import Employer, EmployerOperator
from hpf.parties.queries.missing import NotFound
from hpf.parties.rules import mask_phone, plain


@dataclass(frozen=True, slots=True)
class EmployerView:
    """`uscc` is empty for the units a centre keeps for itself (灵活就业专户, 集中封存专户)."""

    employer_id: int
    centre_id: int
    employer_no: str
    name: str
    uscc: str
    uscc_outdated: bool
    economic_type: str
    nature: str
    industry: str
    affiliation: str
    district: str
    address: str
    legal_name: str
    established_on: date
    registered_on: date
    payday: int
    state: str
    deregistered_on: date | None
    operator_name: str = ""
    operator_phone_masked: str = ""


@dataclass(frozen=True, slots=True)
class EmployerPage:
    rows: tuple[EmployerView, ...]
    total: int


_EMPLOYER = (
    "id", "centre_id", "employer_no", "name", "uscc", "uscc_outdated", "economic_type", "nature", "industry", "affiliation",
    "district", "address", "legal_name", "established_on", "registered_on", "payday", "state", "deregistered_on",
)  # fmt: skip


def employer(centre_id: int, employer_id: int) -> EmployerView:
    found = employers_by_id(centre_id, [employer_id])
    if employer_id not in found:
        raise NotFound("本中心没有这个单位")
    return found[employer_id]


def employer_by_no(centre_id: int, employer_no: str) -> EmployerView:
    views = _employer_views(Employer.objects.filter(centre_id=centre_id, employer_no=plain(employer_no)))
    if not views:
        raise NotFound(f"本中心没有单位编号 {employer_no}")
    return views[0]


def employer_by_uscc(centre_id: int, uscc: str) -> EmployerView | None:
    """The unit registered with this code, None when there is none (or it was deregistered)."""
    views = _employer_views(Employer.objects.filter(centre_id=centre_id, uscc=plain(uscc)).exclude(state="DEREGISTERED"))
    return views[0] if views else None


def employers_by_id(centre_id: int, employer_ids: Sequence[int]) -> dict[int, EmployerView]:
    rows = _employer_views(Employer.objects.filter(centre_id=centre_id, id__in=list(employer_ids)))
    return {view.employer_id: view for view in rows}


_ORDER = {"employer_no": "employer_no", "name": "name_initials", "registered_on": "registered_on", "district": "district"}


def employers(
    centre_id: int,
    *,
    text: str = "",
    district: str = "",
    nature: str = "",
    state: str = "",
    order: str = "employer_no",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> EmployerPage:
    """A page of units. `text` finds a part of the name, initials, the code or the unit's number."""
    found = Employer.objects.filter(centre_id=centre_id)
    if text.strip():
        found = found.filter(_employer_text(text))
    for field, value in (("district", district), ("nature", nature), ("state", state)):
        if value:
            found = found.filter(**{field: value})
    key = _ORDER.get(order, "employer_no")
    ordered = found.order_by(("-" if descending else "") + key, "id")
    return EmployerPage(tuple(_employer_views(ordered[offset : offset + limit])), found.count())


def _employer_text(text: str) -> Q:
    typed = plain(text)
    found = Q(name__contains=text.strip())
    if typed.isascii():
        found |= Q(name_initials__startswith=typed.lower()) | Q(uscc__startswith=typed) | Q(employer_no__startswith=typed)
    return found


def _employer_views(found: QuerySet[Employer]) -> list[EmployerView]:
    """Two queries: the units, and who acts for them."""
    rows = list(found.values_list(*_EMPLOYER))
    acting = {
        employer_id: (name, mask_phone(phone or ""))
        for employer_id, name, phone in EmployerOperator.objects.filter(employer_id__in=[row[0] for row in rows], until=None).values_list(
            "employer_id", "name", "phone"
        )
    }
    return [EmployerView(*row[:4], row[4] or "", *row[5:], *acting.get(row[0], ("", ""))) for row in rows]
