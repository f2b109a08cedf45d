"""单位登记、变更、注销, and who acts for the unit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties.models import Branch, Employer, EmployerOperator, FormerNature
from hpf.parties.rules import Series, check_identity, check_name, check_phone, check_uscc, initials_of, normalised_name, plain
from hpf.parties.services.history import record_changes
from hpf.parties.services.numbers import number_rows


@dataclass(frozen=True, slots=True)
class NewEmployer:
    """A unit as it registers. `uscc` stays empty only for a unit the centre keeps for itself (`internal`)."""

    name: str
    uscc: str
    district: str
    established_on: date
    payday: int
    economic_type: str = ""
    nature: str = ""
    industry: str = ""
    affiliation: str = ""
    address: str = ""
    legal_name: str = ""
    legal_id: str = ""
    operator_name: str = ""
    operator_id: str = ""
    operator_phone: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredEmployer:
    employer_id: int
    employer_no: str


@dataclass(frozen=True, slots=True)
class EmployerChange:
    """Fields to change; None leaves one as it is."""

    name: str | None = None
    uscc: str | None = None
    district: str | None = None
    payday: int | None = None
    economic_type: str | None = None
    nature: str | None = None
    industry: str | None = None
    affiliation: str | None = None
    address: str | None = None
    legal_name: str | None = None


@command("parties.register_employer")
def register_employer(*, by: Actor, centre_id: int, employer: NewEmployer, on: date, key: str) -> Decision[RegisteredEmployer]:
    """单位缴存登记. Approved with a reminder when the code is the old nine-character one.

    Refuses  a wrong name, code, district, pay day or operator; a code that is registered in this centre already
    """
    reasons = [
        *_check_unit(centre_id, employer, on),
        *_check_operator(employer.operator_name, employer.operator_id, employer.operator_phone),
    ]
    if reasons:
        return Decision.refused(reasons)
    code = check_uscc(employer.uscc)
    ((employer_id, employer_no),) = number_rows(centre_id, Series.EMPLOYER, "parties_employer")
    name = normalised_name(employer.name)
    try:
        with transaction.atomic():
            Employer.objects.create(
                id=employer_id, centre_id=centre_id, employer_no=employer_no, name=name, name_initials=initials_of(name),
                uscc=None if employer.internal else code.normalised, uscc_outdated=not employer.internal and code.outdated,
                economic_type=employer.economic_type, nature=employer.nature, industry=employer.industry,
                affiliation=employer.affiliation, district=employer.district, address=employer.address,
                legal_name=employer.legal_name, legal_id=plain(employer.legal_id) or None,
                established_on=employer.established_on, registered_on=on, payday=employer.payday,
            )  # fmt: skip
    except IntegrityError:
        return Decision.refused([_registered_already(code.normalised)])
    if employer.operator_name:
        _write_operator(centre_id, employer_id, employer.operator_name, employer.operator_id, employer.operator_phone, on)
    reminders = [Reason("CODE_OUTDATED", code.reason, ("条例/14",))] if not employer.internal and code.outdated else []
    return Decision.approved(RegisteredEmployer(employer_id, employer_no), reminders)


@command("parties.change_employer")
def change_employer(
    *, by: Actor, centre_id: int, employer_id: int, change: EmployerChange, reason: str, on: date, at: datetime, key: str
) -> Decision[RegisteredEmployer]:
    """单位信息变更: former values stay in the change history. A new 单位性质 or 经济类型 counts from the business day `on`.

    Locks    the unit's row
    Writes   the unit, its change history, and what it was counted as before `on`
    """
    row = Employer.objects.select_for_update().filter(centre_id=centre_id, id=employer_id).first()
    if row is None:
        return Decision.refused([_no_such_unit()])
    wanted = {field: value for field, value in asdict(change).items() if value is not None}
    current = {f.name: getattr(row, f.name, "") or "" for f in fields(NewEmployer) if hasattr(row, f.name)}
    after = NewEmployer(**{**current, **wanted, "internal": row.uscc is None})
    reasons = _check_unit(centre_id, after, None)
    if not reason.strip():
        reasons.append(Reason("REASON_MISSING", "变更单位信息须填写变更原因，请补充"))
    if reasons:
        return Decision.refused(reasons)
    if "uscc" in wanted:
        code = check_uscc(after.uscc)
        wanted["uscc"], row.uscc_outdated = code.normalised, code.outdated
    if "name" in wanted:
        wanted["name"] = normalised_name(after.name)
        row.name_initials = initials_of(wanted["name"])
    changed = {field: (str(getattr(row, field) or ""), str(value)) for field, value in wanted.items() if getattr(row, field) != value}
    if changed.keys() & {"nature", "economic_type"}:
        FormerNature.objects.create(
            centre_id=centre_id, employer_id=employer_id, nature=row.nature, economic_type=row.economic_type, until=on
        )
    for field in changed:
        setattr(row, field, wanted[field])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Decision.refused([_registered_already(wanted["uscc"])])
    record_changes(centre_id, "EMPLOYER", employer_id, changed, by=by, at=at, reason=reason)
    return Decision.approved(RegisteredEmployer(employer_id, row.employer_no))


@command("parties.change_employer")
def appoint_operator(
    *, by: Actor, centre_id: int, employer_id: int, name: str, id_number: str, phone: str, on: date, at: datetime, key: str
) -> Decision[RegisteredEmployer]:
    """变更经办人: the former one's term ends on the day the new one's begins."""
    row = Employer.objects.select_for_update().filter(centre_id=centre_id, id=employer_id).first()
    if row is None:
        return Decision.refused([_no_such_unit()])
    reasons = [*check_name(name), *_check_operator(name, id_number, phone)]
    if reasons:
        return Decision.refused(reasons)
    former = EmployerOperator.objects.filter(centre_id=centre_id, employer_id=employer_id, until=None).first()
    if former is not None:
        former.until = on
        former.save(update_fields=["until"])
    _write_operator(centre_id, employer_id, name, id_number, phone, on)
    changed: dict[str, tuple[str | None, str | None]] = {
        "operator_name": (former.name if former else None, name),
        "operator_phone": (former.phone if former else None, plain(phone)),
    }
    record_changes(centre_id, "EMPLOYER", employer_id, changed, by=by, at=at, reason="变更经办人")
    return Decision.approved(RegisteredEmployer(employer_id, row.employer_no))


@command("parties.deregister_employer")
def deregister_employer(*, by: Actor, centre_id: int, employer_id: int, on: date, key: str) -> Decision[RegisteredEmployer]:
    """单位注销登记, after its account is closed; the caller checks that it is."""
    row = Employer.objects.select_for_update().filter(centre_id=centre_id, id=employer_id).first()
    if row is None:
        return Decision.refused([_no_such_unit()])
    if row.state == "DEREGISTERED":
        return Decision.refused([Reason("DEREGISTERED_ALREADY", f"单位已于{row.deregistered_on}注销，无需再次注销")])
    row.state, row.deregistered_on = "DEREGISTERED", on
    row.save(update_fields=["state", "deregistered_on"])
    return Decision.approved(RegisteredEmployer(employer_id, row.employer_no))


def _check_unit(centre_id: int, unit: NewEmployer, on: date | None) -> list[Reason]:
    reasons = []
    name = normalised_name(unit.name)
    if len(name) < 4 or "测试" in name:
        reasons.append(Reason("NAME_WRONG", f"单位名称“{name}”过短或不是正式名称，请按营业执照或批文填写", ("条例/14",)))
    code = check_uscc(unit.uscc)
    if not unit.internal and not code.valid:
        reasons.append(Reason("USCC_WRONG", code.reason, ("条例/14",)))
    if not Branch.objects.filter(centre_id=centre_id, district=unit.district).exists():
        reasons.append(Reason("DISTRICT_WRONG", f"区县代码“{unit.district}”不属于本中心，请选择本中心的管理部"))
    if not 1 <= unit.payday <= 31:
        reasons.append(Reason("PAYDAY_WRONG", f"发薪日{unit.payday}不在1至31日之间，请更正", ("条例/19",)))
    if on is not None and unit.established_on > on:
        reasons.append(Reason("ESTABLISHED_LATER", f"设立日期{unit.established_on}晚于登记日期{on}，请核对", ("条例/14",)))
    return reasons


def _check_operator(name: str, id_number: str, phone: str) -> list[Reason]:
    reasons = [*(check_name(name) if name else []), *check_phone(phone)]
    if id_number:
        check = check_identity("RESIDENT_ID", id_number)
        if not check.valid:
            reasons.append(Reason("OPERATOR_ID_WRONG", f"经办人{check.reason}"))
    return reasons


def _write_operator(centre_id: int, employer_id: int, name: str, id_number: str, phone: str, on: date) -> None:
    EmployerOperator.objects.create(
        centre_id=centre_id, employer_id=employer_id, name=normalised_name(name), id_number=plain(id_number) or None,
        phone=plain(phone) or None, since=on,
    )  # fmt: skip


def _registered_already(code: str) -> Reason:
    return Reason("EMPLOYER_REGISTERED", f"统一社会信用代码{code}已在本中心登记，请查询该单位后办理，不必重复登记", ("条例/14",))


def _no_such_unit() -> Reason:
    return Reason("NO_SUCH_EMPLOYER", "本中心没有这个单位，请核对单位编号")
