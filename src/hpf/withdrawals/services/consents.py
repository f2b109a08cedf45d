"""约定提取的授权: whether the consents of an agreement still allow what its months ask about the member and her spouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache

from hpf.kernel.decision import Reason
from hpf.sharing import queries as sharing
from hpf.sharing.rules import CATALOGUE, Consent
from hpf.withdrawals import models
from hpf.withdrawals.queries.facts import OF_HOUSEHOLD, OF_SPOUSE, PURPOSE
from hpf.withdrawals.queries.many import Given
from hpf.withdrawals.rules import Finding, Ground, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.instalments import Need, check_consents


def held(centre_id: int, rows: Iterable[models.Agreement]) -> dict[str, Consent]:
    """The consents of these agreements, the members' and the spouses', by number; one query."""
    return sharing.consents_named(centre_id, (number for row in rows for number in (row.consent_no, row.spouse_consent_no)))


def against(
    given: Given, finding: Finding, consents: Mapping[str, Consent], at: datetime, *, is_signing: bool = False
) -> tuple[Reason, ...]:
    """What the consents lack for the facts that the rule read. At the signing they must last until the last instalment's day.

    A member who never consented is left to the answers that are missing then; a spouse asked about must have consented.
    """
    until = given.agreement.expires_on if is_signing else None
    return check_consents(_needs(given, finding, consents), purpose=PURPOSE, agreement_no=given.row.agreement_no, at=at, until=until)


def _needs(given: Given, finding: Finding, consents: Mapping[str, Consent]) -> Iterator[Need]:
    row, asked = given.row, _asked(Ground(given.row.ground))
    own: dict[str, str] = {}
    hers: dict[str, str] = {}
    for used in finding.facts:
        service, of_own, of_spouse = asked.get(used.name, ("", False, False))
        if of_own:
            own.setdefault(service, used.label)
        if of_spouse:
            hers.setdefault(service, used.label)
    if own and row.consent_no:
        yield Need("本人", row.person_ref, tuple(own), tuple(own.values()), row.consent_no, consents.get(row.consent_no))
    if hers and given.spouse:
        number = row.spouse_consent_no
        yield Need("配偶", given.spouse, tuple(hers), tuple(hers.values()), number, consents.get(number))


@cache
def _asked(ground: Ground) -> dict[str, tuple[str, bool, bool]]:
    """{fact: the service that knows it, whether about the member, whether about the spouse}, of what needs a consent."""
    return {
        sheet.name: (sheet.asked_of, sheet.name not in OF_SPOUSE, sheet.name in OF_SPOUSE or sheet.name in OF_HOUSEHOLD)
        for sheet in sheets(RULES[ground].facts)
        if sheet.asked_of and not CATALOGUE[sheet.asked_of].by_law
    }
