"""一件申请的事实: answers of departments, statements of the applicant and findings of a clerk, brought together for the rule.

A finding of a clerk replaces what it clears up. A department's answer stands with the applicant's word beside it, so that
a contradiction is seen. The applicant's word alone counts only where nobody else could know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hpf.kernel.money import Money
from hpf.sharing import queries as sharing
from hpf.sharing.rules import FIELDS, FieldKind, contradictions
from hpf.sharing.rules import Fact as Told
from hpf.withdrawals import models
from hpf.withdrawals.rules import Facts, FactSheet, Ground, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.reading import STATEMENT, read

_HERE = ZoneInfo("Asia/Shanghai")
CASE_KIND = "WITHDRAWAL"
PURPOSE = "办理住房公积金提取"
OF_SPOUSE = {"spouse_homes_in_place": "homes_in_place", "spouse_parents": "parents"}
"""Facts about the spouse, and the field that answers them when the spouse is asked about."""
OF_HOUSEHOLD = {"household_wage_month_fen": "wage_month_fen"}
"""Facts that add up both spouses."""
OF_HEIR = {"is_close_kin"}
"""Facts about who applies for the estate, asked of the register with the account's holder as the relative."""
WITHOUT_REGISTER = {"rental_kind"}
"""Where the register holds no such thing the applicant's own word is taken."""


def field_of(sheet: FactSheet) -> str:
    """The field of the department's answer that holds a fact."""
    return OF_SPOUSE.get(sheet.name) or OF_HOUSEHOLD.get(sheet.name) or sheet.name


def services_of(ground: Ground) -> tuple[str, ...]:
    """Every service that may be asked for this ground: what the applicant is asked to consent to."""
    return tuple(dict.fromkeys(sheet.asked_of for sheet in sheets(RULES[ground].facts) if sheet.asked_of))


def gathered(
    ground: Ground,
    *,
    centre_id: int,
    on: date,
    own_ref: str,
    said: Mapping[str, Any],
    answers: Sequence[sharing.AnswerView],
    found: Mapping[str, tuple[Any, str, date]],
    at: datetime | None = None,
) -> Facts:
    """The facts of a case as they stand now. `found` are a clerk's findings: name -> (value, source, day).

    With `at`, the moment of an automatic decision, nothing is decided by an answer that is out of date by then or whose consent
    was taken back by then, however fresh it was when the case was taken in.
    """
    plain: dict[str, Any] = {}
    against = _against_each_other(answers, on)
    if at is not None:
        against |= {
            (view.question_no, name): (why, False)
            for view in answers
            if view.status == "ANSWERED" and (why := spent(view, at))
            for name in view.fields
        }
    spouse_ref = _spouse_ref(answers, own_ref, found)
    for sheet in sheets(RULES[ground].facts):
        if sheet.name in found:
            value, source, day = found[sheet.name]
            plain[sheet.name] = {"value": value, "source": source, "at": day.isoformat()}
        elif not sheet.asked_of:
            if sheet.name in said:
                plain[sheet.name] = {"value": said[sheet.name], "source": STATEMENT, "at": on.isoformat()}
        else:
            subjects = [spouse_ref] if sheet.name in OF_SPOUSE else [said.get("applicant_ref")] if sheet.name in OF_HEIR else [own_ref]
            if sheet.name in OF_HOUSEHOLD and spouse_ref:
                subjects.append(spouse_ref)
            entry = _answered(sheet, [subject for subject in subjects if subject], answers, said, on, against)
            if entry is not None:
                plain[sheet.name] = entry
    return read(ground, {"balance": "0.00", "facts": plain}, on, centre_id).facts


def _against_each_other(answers: Sequence[sharing.AnswerView], on: date) -> dict[tuple[str, str], tuple[str, bool]]:
    """{(question, field): (why it cannot be true beside another, True)}, of the latest answers that may be used on the day."""
    latest = {(view.department, view.service, view.subject): view for view in answers}
    told: list[Told] = []
    for view in latest.values():
        if view.status == "ANSWERED" and view.good_until is not None and view.good_until >= on:
            number, source, subject, terms = view.question_no, view.source, view.subject, tuple(sorted(view.terms.items()))
            told += [Told(number, source, subject, name, value, terms) for name, value in view.fields.items()]
    return {(number, name): (each.message, True) for each in contradictions(told) for number in each.question_nos for name in each.fields}


def here(at: datetime) -> date:
    """The day on the wall at this moment, by which answers go out of date."""
    return at.astimezone(_HERE).date()


def spent(view: sharing.AnswerView, at: datetime) -> str:
    """Why an answer may not be decided by any more at this moment; empty while it may."""
    if view.consent_withdrawn_at is not None and view.consent_withdrawn_at <= at:
        return f"授权{view.ground_no}已于{here(view.consent_withdrawn_at)}撤回，撤回后不再据以审批"
    if view.good_until is not None and view.good_until < here(at):
        return f"答复有效到{view.good_until}，已过期，须重新查询"
    return ""


def _spouse_ref(answers: Iterable[sharing.AnswerView], own_ref: str, found: Mapping[str, tuple[Any, str, date]]) -> str | None:
    if "spouse_ref" in found:
        return str(found["spouse_ref"][0]) if found["spouse_ref"][0] else None
    for view in answers:
        if view.subject == own_ref and view.status == "ANSWERED" and view.fields.get("spouse_ref"):
            return str(view.fields["spouse_ref"])
    return None


def spouse_of(answers: Iterable[sharing.AnswerView], own_ref: str) -> str | None:
    """The spouse's reference as the registry of marriages gave it; None while nobody said."""
    return _spouse_ref(answers, own_ref, {})


def _answered(
    sheet: FactSheet,
    subjects: Sequence[str],
    answers: Sequence[sharing.AnswerView],
    said: Mapping[str, Any],
    on: date,
    against: Mapping[tuple[str, str], tuple[str, bool]],
) -> dict[str, Any] | None:
    """One fact from the latest answer about each subject; None when it was never asked."""
    field, values, last = field_of(sheet), [], None
    for subject in subjects:
        about = [view for view in answers if f"{view.department}.{view.service}" == sheet.asked_of and view.subject == subject]
        if not about:
            return None
        last = about[-1]
        if last.status != "ANSWERED" or field not in last.fields:
            return {"unknown": last.reason or "没有答复", "source": last.source, "at": _day(last, on)}
        if (last.question_no, field) in against:
            why, clashes = against[last.question_no, field]
            return {"unknown": why, "source": last.source, "at": _day(last, on)} | ({"contradicts": True} if clashes else {})
        values.append(last.fields[field])
    if last is None:
        return None
    value = plain_value(field, values[0] if len(values) == 1 else sum(int(each or 0) for each in values))  # type: ignore[arg-type]
    if value is None and sheet.name in WITHOUT_REGISTER and sheet.name in said:
        return {"value": said[sheet.name], "source": STATEMENT, "at": on.isoformat()}
    entry: dict[str, Any] = {"value": value, "source": last.source, "at": _day(last, on), "good_until": _until(last)}
    if sheet.name in said:
        entry["others"] = [{"value": said[sheet.name], "source": STATEMENT}]
    return entry


def plain_value(field: str, value: Any) -> Any:
    """An answer's value as a file of an application writes it: fen become yuan, references a list."""
    if value is None:
        return None
    kind = FIELDS[field].kind
    if kind is FieldKind.FEN:
        return str(Money(int(value)))
    if kind is FieldKind.REFERENCES:
        return [part for part in str(value).split(",") if part]
    return value


def _day(view: sharing.AnswerView, on: date) -> str:
    """The business day on which it was said: our days are the fund's, an answer of tonight belongs to the open day."""
    told = view.answered_at.date() if view.answered_at else on
    return min(told, on).isoformat()


def _until(view: sharing.AnswerView) -> str | None:
    return view.good_until.isoformat() if view.good_until else None


def found_of(application_id: int) -> dict[str, tuple[Any, str, date]]:
    """A clerk's findings for a case; a later one replaces an earlier one of the same fact."""
    rows = models.Statement.objects.filter(application_id=application_id).order_by("id")
    return {row.name: (json.loads(row.value), row.source, row.stated_on) for row in rows}
