"""中心、管理部: reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from hpf.parties.models import Branch, Centre
from hpf.parties.queries.missing import NotFound


@dataclass(frozen=True, slots=True)
class CentreView:
    """`gb2260` and `mohurd_org_code` are None where none is assigned or known."""

    centre_id: int
    code: str
    name: str
    short_name: str
    kind: str
    gb2260: str | None
    mohurd_org_code: str | None


@dataclass(frozen=True, slots=True)
class BranchView:
    branch_id: int
    centre_id: int
    district: str
    district_name: str
    name: str


_CENTRE = ("id", "code", "name", "short_name", "kind", "gb2260", "mohurd_org_code")


def centres() -> list[CentreView]:
    """Every centre of the province, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_CENTRE)} FROM parties_centre ORDER BY id")
        return [CentreView(*row) for row in cursor.fetchall()]


def centre(centre_id: int) -> CentreView:
    row = Centre.objects.filter(id=centre_id).values_list(*_CENTRE).first()
    if row is None:
        raise NotFound(f"没有编号为 {centre_id} 的中心")
    return CentreView(*row)


def branches(centre_id: int) -> list[BranchView]:
    """管理部 of a centre, one a district."""
    rows = Branch.objects.filter(centre_id=centre_id).order_by("district")
    return [BranchView(*row) for row in rows.values_list("id", "centre_id", "district", "district_name", "name")]
