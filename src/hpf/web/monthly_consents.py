"""约定提取的授权, as its pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.sharing import queries as sharing
from hpf.web.templatetags.fund import day
from hpf.withdrawals.queries import AgreementView


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """Whose consent and how it stands. Without one that is in force no further month is paid."""

    whose: str
    consent_no: str
    text: str
    in_force: bool


def consents_of(centre_id: int, view: AgreementView, at: datetime) -> list[ConsentLine]:
    """The member's consent and, where one is named, the spouse's; one query."""
    named = [("本人", view.consent_no), *([("配偶", view.spouse_consent_no)] if view.spouse_consent_no else [])]
    found = sharing.consents_named(centre_id, [number for _, number in named])
    lines = []
    for whose, number in named:
        consent = found.get(number)
        if consent is None:
            lines.append(ConsentLine(whose, number, "没有授权", in_force=False))
        elif consent.withdrawn_at is not None:
            lines.append(ConsentLine(whose, number, f"已于{day(consent.withdrawn_at)}撤回", in_force=False))
        else:
            lines.append(ConsentLine(whose, number, f"有效期至{day(consent.ends_at)}", in_force=at < consent.ends_at))
    return lines
