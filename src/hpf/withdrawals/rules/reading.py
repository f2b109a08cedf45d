"""申请的文件形式: an application as plain data and back, for `hpf decide`, for golden cases, and for what a decision stores.

Names may be written in English or as their Chinese labels, in one flat mapping or under "applicant" and "facts". Amounts are
yuan as text, days and months as text; a fact is its bare value (said by the applicant on the day of acceptance) or a mapping
of value, source, at, good_until and others; {"unknown": reason} where nobody could tell, with "contradicts": true where answers cannot both be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hpf.accounts.rules.states import MemberState
from hpf.kernel.money import Money, NotAnAmount

from .catalogue import RULES
from .facts import AccountKind, Applicant, Ban, BanKind, By, Facts, FactSheet, Known, Prior, Said, Unknown, sheets
from .facts_of_life import Heir
from .grounds import Ground

STATEMENT = "本人陈述"

APPLICANT: dict[str, tuple[str, type]] = {
    "person": ("申请人编号", str), "centre": ("中心编号", int), "balance": ("账户余额", Money), "available": ("可用余额", Money),
    "account_state": ("账户状态", MemberState), "account_kind": ("账户种类", AccountKind), "district": ("区县", str),
    "months_continuous": ("连续缴存月数", int), "month_amount": ("月缴存额", Money), "sealed_on": ("封存日", date),
    "born_on": ("出生日期", date), "sex_kind": ("性别类别", str), "employer_proof": ("单位已出具证明", bool),
    "own_loan_unpaid": ("本人公积金贷款余额", Money), "own_loan_instalment": ("本人公积金贷款月还款额", Money),
    "guarantees_unpaid": ("担保的公积金贷款余额", Money), "died_on": ("登记的死亡日", date), "bans": ("限制提取", Ban),
    "priors": ("以前的提取", Prior),
}  # fmt: skip
"""The account's figures: name -> label and type."""

_PRIOR = {
    "ground": ("情形", Ground), "evidence": ("凭证", tuple), "on": ("办结日", date), "amount": ("金额", Money), "by": ("提取人", By),
    "centre": ("中心编号", int), "is_agreed": ("约定提取", bool),
}  # fmt: skip
_BAN = {"kind": ("种类", BanKind), "decision_no": ("决定书", str), "since": ("起", date), "until": ("止", date)}
_HEIR = {"person": ("继承人", str), "numerator": ("分子", int), "denominator": ("分母", int)}
_PARTS: dict[type, dict[str, tuple[str, type]]] = {Prior: _PRIOR, Ban: _BAN, Heir: _HEIR}
_FACT = {"value": "值", "source": "来源", "at": "取得", "good_until": "有效至", "others": "另有", "unknown": "不明", "contradicts": "矛盾"}
_ASKED = ("asked", "申请金额")


class NotAnApplication(ValueError):
    """The data cannot be read as an application. The message is Chinese and names the place."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a file says: all that `examine` takes beside the ground, the book and the day."""

    applicant: Applicant
    facts: Facts
    asked: Money | None


def read(ground: Ground, data: Mapping[str, Any], on: date, centre: int) -> Application:
    """Read an application. Raises NotAnApplication naming the first entry that is not known or not of its kind."""
    kind = RULES[ground].facts
    by_name = {name: sheet for sheet in sheets(kind) for name in (sheet.name, sheet.label)}
    own = {name: field for field, (label, _) in APPLICANT.items() for name in (field, label)}
    applicant: dict[str, Any] = {"person": "本人", "centre": centre}
    facts: dict[str, Any] = {}
    asked = None
    for part, name, value in _flat(data):
        if name in _ASKED:
            asked = None if value is None else _value(value, Money, name)
        elif name in by_name and part != "applicant":
            facts[by_name[name].name] = _fact(by_name[name], value, on)
        elif name in own and part != "facts":
            applicant[own[name]] = _own(own[name], value, name)
        else:
            raise NotAnApplication(f"不认识的项目“{name}”，{ground.text}提取用到的项目请用 --schema 查看")
    for needed in ("balance",):
        if needed not in applicant:
            raise NotAnApplication(f"缺少“{APPLICANT[needed][0]}”（{needed}）")
    applicant.setdefault("available", applicant["balance"])
    return Application(Applicant(**applicant), kind(**facts), asked)


def write(application: Application) -> dict[str, Any]:
    """An application as plain data that `read` takes back: what is stored with a decision."""
    applicant = application.applicant
    own = {field.name: _plain(getattr(applicant, field.name)) for field in fields(applicant)}
    facts = {sheet.name: _written(getattr(application.facts, sheet.name)) for sheet in sheets(type(application.facts))}
    return {"applicant": own, "facts": facts, "asked": None if application.asked is None else str(application.asked)}


def schema(ground: Ground) -> list[dict[str, str]]:
    """Every entry that a file for this ground may have: name, label, kind, who can answer."""
    needed = {field.name for field in fields(Applicant) if field.default is MISSING} - {"person", "centre", "available"}
    rows = [
        {"name": name, "label": label, "kind": kind_text(kind), "asked_of": "", "needed": "是" if name in needed else ""}
        for name, (label, kind) in APPLICANT.items()
    ]
    rows += [
        {"name": sheet.name, "label": sheet.label, "kind": _values_text(sheet), "asked_of": sheet.asked_of, "needed": ""}
        for sheet in sheets(RULES[ground].facts)
    ]
    return [*rows, {"name": _ASKED[0], "label": _ASKED[1], "kind": kind_text(Money), "asked_of": "", "needed": ""}]


def _values_text(sheet: FactSheet) -> str:
    return "、".join(f"{code}（{text}）" for code, text in sheet.values.items()) or kind_text(sheet.kind)


def kind_text(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return "、".join(str(each.value) for each in kind)
    names = {str: "文字", int: "整数", bool: "是否", Money: "元", date: "日期", tuple: "列表", Prior: "列表", Ban: "列表"}
    return names[kind]


def _flat(data: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Each entry with the part it stands under; a name of both parts is a fact unless it stands under "applicant"."""
    rows: list[tuple[str, str, Any]] = []
    for name, value in data.items():
        if name in ("applicant", "facts"):
            if not isinstance(value, Mapping):
                raise NotAnApplication(f"“{name}”须为一组项目")
            rows += ((name, inner, each) for inner, each in value.items())
        else:
            rows.append(("", name, value))
    return rows


def _own(name: str, value: Any, where: str) -> Any:
    _, kind = APPLICANT[name]
    if kind in _PARTS:
        return tuple(_part(kind, each, where) for each in _list(value, where))
    return None if value is None else _value(value, kind, where)


def _fact(sheet: FactSheet, data: Any, on: date) -> Any:
    where = sheet.label
    if not isinstance(data, Mapping):
        return Known(_fact_value(sheet, data, where), STATEMENT, on)
    entry = _named(data, _FACT, where)
    if "unknown" in entry:
        at = entry.get("at")
        told = None if at is None else _value(at, date, where)
        return Unknown(str(entry.get("source", "")), str(entry["unknown"]), told, entry.get("contradicts") is True)
    if "value" not in entry:
        raise NotAnApplication(f"“{where}”没有写明值（value）")
    until = entry.get("good_until")
    others = [_named(each, _FACT, where) for each in _list(entry.get("others", ()), where)]
    return Known(
        _fact_value(sheet, entry["value"], where),
        str(entry.get("source", STATEMENT)),
        _value(entry.get("at", on), date, where),
        None if until is None else _value(until, date, where),
        tuple(Said(_fact_value(sheet, each.get("value"), where), str(each.get("source", STATEMENT))) for each in others),
    )


def _fact_value(sheet: FactSheet, value: Any, where: str) -> Any:
    if value is None:
        return None
    if sheet.kind is tuple:
        listed = _list(value, where)
        return tuple(_part(sheet.items, each, where) if sheet.items in _PARTS else _value(each, sheet.items, where) for each in listed)
    return _value(value, sheet.kind, where)


def _part(kind: type, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise NotAnApplication(f"“{where}”的每一项须写明{'、'.join(label for label, _ in _PARTS[kind].values())}")
    entry = _named(data, {name: label for name, (label, _) in _PARTS[kind].items()}, where)
    try:
        return kind(**{name: _part_value(kind, name, value, where) for name, value in entry.items()})
    except TypeError:
        raise NotAnApplication(f"“{where}”有缺项，须写明{'、'.join(label for label, _ in _PARTS[kind].values())}") from None


def _part_value(kind: type, name: str, value: Any, where: str) -> Any:
    expected = _PARTS[kind][name][1]
    return tuple(str(each) for each in _list(value, where)) if expected is tuple else _value(value, expected, where)


def _named(data: Mapping[str, Any], names: Mapping[str, str], where: str) -> dict[str, Any]:
    known = {each: name for name, label in names.items() for each in (name, label)}
    if wrong := [name for name in data if name not in known]:
        raise NotAnApplication(f"“{where}”里有不认识的项目“{wrong[0]}”，可用：{'、'.join(names.values())}")
    return {known[name]: value for name, value in data.items()}


def _list(value: Any, where: str) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    raise NotAnApplication(f"“{where}”须为列表")


def _value(value: Any, kind: type, where: str) -> Any:
    try:
        if kind is Money:
            return Money.yuan(value)
        if kind is date:
            if isinstance(value, date) and not isinstance(value, datetime):
                return value
            return date.fromisoformat(value)
        if kind in (bool, int):
            if type(value) is not kind:
                raise ValueError(value)
            return value
        if issubclass(kind, StrEnum):
            return kind(value)
        if not isinstance(value, str):
            raise ValueError(value)
        return value
    except (ValueError, TypeError, NotAnAmount):
        raise NotAnApplication(f"“{where}”的值{value!r}不是{kind_text(kind)}") from None


def _written(found: Any) -> dict[str, Any]:
    if isinstance(found, Unknown):
        said = {"unknown": found.reason, "source": found.source, "at": _plain(found.at)}
        return said | {"contradicts": True} if found.contradicts else said
    return {
        "value": _plain(found.value), "source": found.source, "at": _plain(found.at), "good_until": _plain(found.good_until),
        "others": [{"value": _plain(said.value), "source": said.source} for said in found.others],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case Money():
            return str(value)
        case tuple() | list():
            return [_plain(each) for each in value]
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
