"""Which period a supervisor looks at: a day, a month, a year, and the day on which it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest

from hpf.kernel.period import Month
from hpf.web.page import now

LABELS = {"DAY": "日", "MONTH": "月", "YEAR": "年"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A period and its last day; `latest` is the last day that any centre has lived through."""

    period: str
    on: date
    latest: date

    @property
    def text(self) -> str:
        match self.period:
            case "DAY":
                return f"{self.on.year}年{self.on.month}月{self.on.day}日"
            case "MONTH":
                whole = self.on == Month.of(self.on + timedelta(days=1)).first_day - timedelta(days=1)
                return f"{self.on.year}年{self.on.month}月" + ("" if whole else f"（截至{self.on.day}日）")
        return f"{self.on.year}年" + ("" if (self.on.month, self.on.day) == (12, 31) else f"（截至{self.on.month}月{self.on.day}日）")

    @property
    def query(self) -> str:
        return f"period={self.period}&on={self.on.isoformat()}"


def chosen(request: HttpRequest, latest: date | None) -> Chosen:
    """What was asked for; without a wish the last whole month. A month or year that is over ends on its own last day."""
    last = latest or now().date()
    asked, period = request.GET.get("on", ""), request.GET.get("period", "MONTH")
    if period not in LABELS:
        raise Http404
    try:
        on = date.fromisoformat(asked) if asked else Month.of(last).first_day - timedelta(days=1)
    except ValueError:
        raise Http404 from None
    if period == "MONTH":
        on = min((Month.of(on) + 1).first_day - timedelta(days=1), max(last, on))
    if period == "YEAR":
        on = min(date(on.year, 12, 31), last) if on.year >= last.year else date(on.year, 12, 31)
    return Chosen(period, on, last)
