"""What may be done on a page of the work plan: each act with its form, which comes when it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse

from hpf.web.page import later
from hpf.web.workplan.scene import whole


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that the visitor may do here. Without its form, it comes when somebody opens it; done on the version that was seen."""

    what: str
    title: str
    button: str
    address: str
    version: int
    form: forms.Form | None = None
    danger: bool = False

    @property
    def later(self) -> str:
        return f"{self.address}?version={self.version}"


def opened(request: HttpRequest, offer: Offer, *, lead: str, back: str, sections: Iterable[str] = ()) -> HttpResponse:
    """The form of one act alone. Without scripts it is a page of its own, which brings the names of `sections` along."""
    known = () if request.htmx else tuple(sections)  # type: ignore[attr-defined]
    told = {"heading": offer.title, "lead": lead, "back": back, "form": offer.form, "offer": offer, "known_sections": known}
    return later(request, "hpf/workplan/act_form.html", **told)  # type: ignore[arg-type]


def seen_version(request: HttpRequest, now: int) -> int:
    """The version that stood on the page from which a form was opened."""
    asked = whole(request.GET.get("version"))
    return now if asked is None else asked
