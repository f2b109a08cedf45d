"""缴存单位: reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from hpf.db.arrays import array
from hpf.db.crypto import decrypt
from hpf.db.paging import page_of
from hpf.parties.models import OPERATOR_PHONE, Employer, EmployerOperator
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
_SELECT = f"""SELECT {", ".join(f"e.{name}" for name in _EMPLOYER)}, o.name, o.phone
    FROM parties_employer e LEFT JOIN parties_employeroperator o ON o.employer_id = e.id AND o.until IS NULL WHERE e.centre_id = %s AND """
"""Said straight: nearly every page names a unit."""


def employer(centre_id: int, employer_id: int) -> EmployerView:
    found = _found("e.id = %s", [centre_id, employer_id])
    if not found:
        raise NotFound("本中心没有这个单位")
    return found[0]


def employer_by_no(centre_id: int, employer_no: str) -> EmployerView:
    views = _employer_views(Employer.objects.filter(centre_id=centre_id, employer_no=plain(employer_no)).values_list(*_EMPLOYER))
    if not views:
        raise NotFound(f"本中心没有单位编号 {employer_no}")
    return views[0]


def employer_by_uscc(centre_id: int, uscc: str) -> EmployerView | None:
    """The unit registered with this code, None when there is none (or it was deregistered)."""
    found = Employer.objects.filter(centre_id=centre_id, uscc=plain(uscc)).exclude(state="DEREGISTERED")
    views = _employer_views(found.values_list(*_EMPLOYER))
    return views[0] if views else None


def employers_by_id(centre_id: int, employer_ids: Sequence[int]) -> dict[int, EmployerView]:
    """Many in one query."""
    return {view.employer_id: view for view in _found("e.id = ANY(%s::bigint[])", [centre_id, array(employer_ids)])}


def _found(where: str, values: Sequence[Any]) -> list[EmployerView]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + where, values)
        return [_view((*row[:-1], None if row[-1] is None else decrypt(row[-1], OPERATOR_PHONE))) for row in cursor.fetchall()]


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
    rows, total = page_of(ordered.values_list(*_EMPLOYER), limit, offset)
    return EmployerPage(tuple(_employer_views(rows)), total)


def _employer_text(text: str) -> Q:
    typed = plain(text)
    found = Q(name__contains=text.strip())
    if typed.isascii():
        found |= Q(name_initials__startswith=typed.lower()) | Q(uscc__startswith=typed) | Q(employer_no__startswith=typed)
    return found


def _employer_views(rows: Sequence[Sequence[Any]]) -> list[EmployerView]:
    """Units read as rows of `_EMPLOYER`; one query more tells who acts for them."""
    operators = EmployerOperator.objects.filter(employer_id__in=[row[0] for row in rows], until=None)
    acting = {each[0]: each[1:] for each in operators.values_list("employer_id", "name", "phone")}
    return [_view((*row, *acting.get(row[0], (None, None)))) for row in rows]


def _view(row: Sequence[Any]) -> EmployerView:
    """A row of `_EMPLOYER`, with name and telephone of who acts for the unit."""
    return EmployerView(*row[:4], row[4] or "", *row[5:-2], row[-2] or "", mask_phone(row[-1] or ""))
