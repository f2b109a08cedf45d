"""中心、管理部: loaded from the law's file by the owner; the application only reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from hpf.parties.models import Branch, Centre


def load_centres(rows: Iterable[Mapping[str, Any]], *, using: str = "owner") -> int:
    """Load or refresh the centres and their branches; returns how many centres there are. Owner's rights; re-runnable.

    A row has id, code, name, short_name, kind, gb2260, mohurd_org_code and districts: [code, name, branch] each.
    """
    count = 0
    with transaction.atomic(using=using):
        for row in rows:
            count += 1
            known = {name: row.get(name) for name in ("code", "name", "short_name", "kind", "gb2260", "mohurd_org_code")}
            Centre.objects.using(using).update_or_create(id=row["id"], defaults=known)
            for district, district_name, branch in row.get("districts", []):
                Branch.objects.using(using).update_or_create(
                    centre_id=row["id"], district=district, defaults={"district_name": district_name, "name": branch}
                )
    return count
