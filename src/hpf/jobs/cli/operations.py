"""The families that work on the running platform: remit, close-day, settle-interest, balance-check, verify.

Each is the same command or story that a page or the worker calls, in the name of the platform itself. Django starts
only when one of them runs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hpf.jobs.cli import answers
from hpf.jobs.cli.answers import Answer, WrongUse, cannot_tell, refused
from hpf.kernel.decision import Reason

_KINDS = ("REGULAR", "BACK_FULL", "BACK_DIFFERENCE", "BACK_FREE")
_DEFECTS_SHOWN = 1000


def add(families: Any) -> None:
    _add_remit(families)
    close = _family(families, "close-day", "日终：关闭各中心打开的会计日，开出下一日", _close_day)
    close.add_argument("--full", action="store_true", help="余额从全部分录重新核对，而不是从上次快照")
    settle = _family(families, "settle-interest", "年度结息", _settle_interest)
    settle.add_argument("--year", required=True, type=answers.whole, metavar="年度", help="2025指2025-07-01至2026-06-30")
    settle.add_argument("--dry-run", action="store_true", help="只计算，不记账")
    balance = _family(families, "balance-check", "三账平衡核对", _balance_check)
    balance.add_argument("--on", required=True, type=answers.day, metavar="日期", help="哪一天日终的余额")
    balance.add_argument("--full", action="store_true", help="从全部分录重新核对")
    _family(families, "verify", "全面核验：从每一笔分录起证明全部账目", _verify)


def _family(families: Any, name: str, text: str, run: Callable[[argparse.Namespace], Answer]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = families.add_parser(name, help=text, description=text)
    parser.add_argument("--centre", action="append", metavar="中心", help="中心代码或名称，可多次；默认全部中心")
    parser.set_defaults(run=on_the_platform(run))
    return parser


def _add_remit(families: Any) -> None:
    text = "提交缴存清册：接收、核对，没有差错时确认"
    parser = families.add_parser("remit", help=text, description=text)
    parser.add_argument("file", type=Path, metavar="文件", help="xlsx或csv清册")
    parser.add_argument("--employer", required=True, metavar="编号", help="单位编号或单位账号，12位")
    parser.add_argument("--month", required=True, type=answers.month, metavar="年月", help="汇缴年月")
    parser.add_argument("--kind", choices=_KINDS, default="REGULAR", help="汇缴或三种补缴")
    parser.add_argument("--reason", default="", help="补缴原因")
    parser.add_argument("--replaces", default="", metavar="清册号", help="本文件更正的清册")
    parser.add_argument("--check-only", action="store_true", help="只核对，不确认")
    parser.add_argument("--key", metavar="键", help="幂等键，默认由单位、年月、种类和文件内容得出")
    parser.set_defaults(run=on_the_platform(_remit))


def on_the_platform(run: Callable[[argparse.Namespace], Answer]) -> Callable[[argparse.Namespace], Answer]:
    """Start Django, and say in one line what a person can do something about: no database, no such unit, no open day."""

    def started(options: argparse.Namespace) -> Answer:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django
        from django.db import OperationalError, ProgrammingError

        django.setup()
        from hpf.accounts.queries import NoSuchAccount
        from hpf.ledger.queries import NoOpenDay
        from hpf.ledger.services import LedgerRefusal
        from hpf.parties.queries import NotFound
        from hpf.policy.rules import MissingParameter

        try:
            return run(options)
        except (NoSuchAccount, NotFound) as missing:
            raise WrongUse(str(missing)) from None
        except NoOpenDay as closed:
            return refused([Reason("NO_OPEN_DAY", str(closed))])
        except LedgerRefusal as refusal:
            return refused([Reason(refusal.code, str(refusal))])
        except MissingParameter as missing:
            return cannot_tell("MISSING_PARAMETER", str(missing))
        except OperationalError:
            raise WrongUse("连不上数据库，请先启动平台（make demo），或用HPF_DATABASE_URL指明数据库") from None
        except ProgrammingError as wrong:
            if "does not exist" in str(wrong):
                raise WrongUse("数据库中还没有平台的表，请先运行 make demo") from None
            raise

    return started


def _centres(options: argparse.Namespace) -> list[tuple[int, str]]:
    """(id, code) of the centres named, in their order; of all when none is named."""
    from hpf.parties import queries as parties

    known = parties.centres()
    if not options.centre:
        return [(each.centre_id, each.code) for each in known]
    chosen = []
    for name in options.centre:
        found = [(each.centre_id, each.code) for each in known if name in (each.code, str(each.centre_id), each.name, each.short_name)]
        if not found:
            raise WrongUse(f"没有中心“{name}”，可用：{'、'.join(each.code for each in known)}")
        chosen += found
    return chosen


def _now() -> datetime:
    return datetime.now(UTC)


# --- remit ---------------------------------------------------------------------------------------------------------


def _remit(options: argparse.Namespace) -> Answer:
    from hpf.contributions import services as contributions
    from hpf.contributions.rules.states import RemittanceKind, RemittanceState
    from hpf.kernel.actor import Actor

    try:
        content = options.file.read_bytes()
    except OSError:
        raise WrongUse(f"不能读取文件{options.file}") from None
    centre_id, account_no = _employer(options.employer)
    by = Actor.system(centre_id, "命令行")
    name = f"{account_no}:{options.month}:{options.kind}:{options.reason}:{options.replaces}:".encode()
    key = options.key or f"hpf-remit:{hashlib.sha256(name + content).hexdigest()}"
    received = contributions.receive_list(
        by=by, centre_id=centre_id, employer_account_no=account_no, month=options.month, filename=options.file.name, content=content,
        key=key, at=_now(), kind=RemittanceKind(options.kind), reason=options.reason, replaces_no=options.replaces,
    )  # fmt: skip
    if received.value is None:
        return refused(received.reasons)
    listed = received.value
    shown = {
        "remittance_no": listed.remittance_no,
        "state": listed.state.value,
        "lines": listed.line_count,
        "employer": str(listed.employer),
        "member": str(listed.member),
        "total": str(listed.total),
    }
    if listed.defect_count or listed.state is not RemittanceState.CHECKED:
        message = f"清册{listed.remittance_no}有{listed.defect_count}条差错，请按差错清单更正后重新提交"
        return refused([Reason("LIST_HAS_DEFECTS", message)], **shown, defects=_defects(centre_id, listed.remittance_no))
    if options.check_only:
        return Answer({"outcome": "APPROVED", **shown})
    confirmed = contributions.confirm(by=by, centre_id=centre_id, remittance_no=listed.remittance_no, key=f"{key}:confirm", at=_now())
    if confirmed.value is None:
        return refused(confirmed.reasons, **shown)
    state = {"state": confirmed.value.state.value, "expected": str(confirmed.value.expected), "reference": confirmed.value.reference}
    return Answer({"outcome": "APPROVED", **shown, **state})


def _employer(number: str) -> tuple[int, str]:
    """(centre, account number) of a unit named by its own number or by its account's."""
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.parties import queries as parties
    from hpf.parties.rules import Series, is_number

    centre_id = int(number[:2]) if number[:2].isdigit() else 0
    if is_number(number, Series.EMPLOYER_ACCOUNT):
        return centre_id, number
    if not is_number(number, Series.EMPLOYER):
        raise WrongUse(f"“{number}”不是单位编号或单位账号：应为12位数字，且校验码相符")
    with centre_scope(centre_id):
        account = accounts.employer_account_of(centre_id, parties.employer_by_no(centre_id, number).employer_id)
    if account is None:
        raise WrongUse(f"单位{number}还没有开立单位账户")
    return centre_id, account.account_no


def _defects(centre_id: int, remittance_no: str) -> list[dict[str, Any]]:
    from hpf.contributions.queries.remittances import defects
    from hpf.db.scope import centre_scope

    with centre_scope(centre_id):
        found = defects(centre_id, remittance_no, limit=_DEFECTS_SHOWN)
    return [
        {
            "row": each.row_no,
            "column": each.column,
            "value": each.value,
            "code": each.code,
            "message": each.message,
            "remedy": each.remedy,
            "law": list(each.law),
        }
        for each in found
    ]


# --- the day, the year, the proofs ---------------------------------------------------------------------------------


def _close_day(options: argparse.Namespace) -> Answer:
    from hpf.jobs.day import run_day
    from hpf.ledger.queries import NoOpenDay

    days: list[dict[str, Any]] = []
    for centre_id, code in _centres(options):
        try:
            run = run_day(centre_id, at=_now(), full=options.full)
        except NoOpenDay:
            if options.centre:
                raise
            continue
        days.append(
            {
                "centre": code,
                "business_on": run.day.business_on.isoformat(),
                "closed": run.day.closed,
                "next_business_on": run.day.next_business_on.isoformat() if run.day.next_business_on else None,
                "steps": [{"step": step.step, "state": step.state} for step in run.day.steps],
                "message": run.day.message,
                "red": [check.text for check in run.day.red],
                "bank": list(run.talk.trouble),
            }
        )
    if not days:
        return refused([Reason("NO_OPEN_DAY", "没有任何中心打开了会计日，请先由会计打开会计日")])
    return Answer({"days": days}, is_yes=all(day["closed"] for day in days))


def _settle_interest(options: argparse.Namespace) -> Answer:
    from hpf.closing.services.settlement import settle_interest
    from hpf.kernel.actor import Actor
    from hpf.kernel.decision import Decision
    from hpf.ledger.queries import NoOpenDay
    from hpf.ledger.services import LedgerRefusal

    if not 1990 <= options.year <= 2199:
        raise WrongUse(f"settle-interest：“{options.year}”不是年度，请写四位年份")
    settled: list[dict[str, Any]] = []
    for centre_id, code in _centres(options):
        try:
            answer = settle_interest(
                centre_id=centre_id, year=options.year, dry_run=options.dry_run, by=Actor.system(centre_id, "命令行"), at=_now(),
                key=f"hpf-settle:{centre_id}:{options.year}:{_now().isoformat()}",
            )  # fmt: skip
        except NoOpenDay:
            if options.centre:
                raise
            continue
        except LedgerRefusal as refusal:
            answer = Decision.refused([Reason(refusal.code, f"{refusal}，{options.year}年度在{options.year + 1}年6月30日结息，请到日再办")])
        shown: dict[str, Any] = {"centre": code, "outcome": answer.outcome.value}
        if answer.value is not None:
            shown |= {"accounts": answer.value.accounts, "interest": str(answer.value.interest), "case": str(answer.value.case)}
        else:
            shown["reasons"] = [{"code": reason.code, "message": reason.message, "law": list(reason.law)} for reason in answer.reasons]
        settled.append(shown)
    content = {"year": options.year, "dry_run": options.dry_run, "centres": settled}
    return Answer(content, is_yes=bool(settled) and all(each["outcome"] == "APPROVED" for each in settled))


def _balance_check(options: argparse.Namespace) -> Answer:
    from hpf.closing.queries.balance import balance_check
    from hpf.db.scope import centre_scope

    on: date = options.on
    centres: list[dict[str, Any]] = []
    for centre_id, code in _centres(options):
        with centre_scope(centre_id):
            checks = balance_check(centre_id, on, full=options.full)
        centres.append(
            {
                "centre": code,
                "ok": all(check.ok for check in checks),
                "checks": [
                    {
                        "id": check.check_id,
                        "title": check.title,
                        "left": str(check.left),
                        "right": str(check.right),
                        "difference": str(check.difference),
                        "ok": check.ok,
                        "where": [place.text for place in check.where],
                    }
                    for check in checks
                ],
            }
        )
    balanced = all(each["ok"] for each in centres)
    return Answer({"on": on.isoformat(), "ok": balanced, "centres": centres}, is_yes=balanced)


def _verify(options: argparse.Namespace) -> Answer:
    from hpf.closing.queries.verify import verify

    codes = dict(_centres(options))
    checks = verify(codes)
    wrong = [check for check in checks if not check.ok]
    content = {
        "ok": not wrong,
        "centres": len(codes),
        "invariants": len({check.check_id for check in checks}),
        "looked_at": sum(check.looked_at for check in checks),
        "differences": sum(check.differences for check in checks),
        "checks": [
            {
                "centre": codes[check.centre_id],
                "id": check.check_id,
                "title": check.title,
                "looked_at": check.looked_at,
                "differences": check.differences,
                "where": [place.text for place in check.where],
            }
            for check in (wrong if wrong else checks)
        ],
    }
    return Answer(content, is_yes=not wrong)
