"""`hpf workplan`: the work plan's ledger: load a document, see where it stands, write the report, take in a centre's spreadsheet.

`coverage` reads a document without the platform; the others start it.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hpf.jobs.cli import answers, law, operations
from hpf.jobs.cli.answers import Answer, WrongUse, refused

_SHOWN = 500


def add(families: Any) -> None:
    family = families.add_parser("workplan", help="工作要点台账")
    actions = family.add_subparsers(title="操作", dest="action", required=True, metavar="操作", parser_class=type(family))
    load = _action(actions, "load", "载入要点文件：条款、句、任务、各中心责任期次", operations.on_the_platform(_load))
    load.add_argument("file", type=Path, metavar="文件", help="md、txt、docx或有文字的pdf")
    load.add_argument("--year", required=True, type=answers.whole, metavar="年度", help="要点所属年度")
    status = _action(actions, "status", "某日台账进展：各色灯数、各中心或各部分情况", operations.on_the_platform(_status))
    status.add_argument("--on", required=True, type=answers.day, metavar="日期", help="哪一天的进展")
    _plan_options(status)
    coverage = _action(actions, "coverage", "逐句检查要点文件：每句有任务、注明不设任务的原因，或未覆盖；不需要数据库", _coverage)
    coverage.add_argument("file", type=Path, metavar="文件", help="md、txt、docx或有文字的pdf")
    coverage.add_argument("--year", type=answers.whole, metavar="年度", help="要点年度，默认取文件的印发年度")
    report = _action(actions, "report", "工作要点落实情况报告（中心）或通报（全省）", operations.on_the_platform(_report))
    report.add_argument("--month", required=True, type=answers.month, metavar="年月", help="报告哪一个月")
    report.add_argument("--format", choices=("docx", "pdf", "md"), default="docx", help="文件格式")
    report.add_argument("--out", type=Path, metavar="文件", help="写到哪里，默认当前目录，按报告名称命名")
    report.add_argument("--on", type=answers.day, metavar="日期", help="落款日期，默认今天")
    report.add_argument("--by", default="", metavar="姓名", help="填报人")
    _plan_options(report)
    taking = _action(actions, "import-xlsx", "导入中心现有的台账表格", operations.on_the_platform(_import))
    taking.add_argument("file", type=Path, metavar="文件", help="xlsx台账")
    taking.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    _plan_options(taking)


def _action(actions: Any, name: str, text: str, run: Callable[[argparse.Namespace], Answer]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _plan_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--centre", metavar="中心", help="中心代码或名称，默认全省")
    parser.add_argument("--plan", type=answers.whole, metavar="年度", help="哪一年度的要点，默认按日期的年度，没有的取最近一年")


# ------------------------------------------------------------------ without the platform


def _coverage(options: argparse.Namespace) -> Answer:
    from hpf.workplan.gateways.documents import DocumentRefused, read_document
    from hpf.workplan.rules.demands import centre_names, read_plan
    from hpf.workplan.rules.document import outline

    content = _read(options.file)
    try:
        document = outline(read_document(options.file.name, content))
    except DocumentRefused as no:
        return refused([no.reason])
    year = options.year or (document.issued_on.year if document.issued_on else date.today().year)
    names = centre_names((each.id, each.short_name, each.name) for each in law.law().centres)
    sentences = read_plan(document, year=year, centres=names)
    uncovered = [each for each in sentences if not each.is_covered]
    tasks = [(each, demand) for each in sentences for demand in each.demands if demand.asks]
    codes = {each.id: each.code for each in law.law().centres}
    content_shown = {
        "title": document.title,
        "number": document.number,
        "year": year,
        "clauses": len(document.clauses),
        "sentences": len(sentences),
        "with_tasks": sum(any(demand.asks for demand in each.demands) for each in sentences),
        "no_task": sum(each.is_covered and not any(demand.asks for demand in each.demands) for each in sentences),
        "uncovered": [{"anchor": each.anchor, "no": each.no, "text": each.text} for each in uncovered],
        "tasks": [
            {
                "no": at,
                "anchor": each.anchor,
                "title": demand.title,
                "deadlines": [rule.text for rule in demand.deadlines],
                "centres": [codes[centre] for centre in demand.centres] if demand.centres else "all",
                "quota": demand.quota,
                "cites": [cited.text for cited in demand.cites],
            }
            for at, (each, demand) in enumerate(tasks, 1)
        ],
        "without_task": [
            {"anchor": each.anchor, "no": each.no, "text": each.text, "why": next((d.why_none for d in each.demands if d.why_none), "")}
            for each in sentences
            if each.is_covered and not any(demand.asks for demand in each.demands)
        ],
    }
    return Answer(content_shown, is_yes=not uncovered)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise WrongUse(f"不能读取文件{path}") from None


# ------------------------------------------------------------------ on the platform


def _load(options: argparse.Namespace) -> Answer:
    from hpf.kernel.actor import Actor
    from hpf.workplan.services import load_plan

    if not 2000 <= options.year <= 2199:
        raise WrongUse(f"workplan load：“{options.year}”不是年度，请写四位年份")
    content = _read(options.file)
    at = _now()
    loaded = load_plan(
        by=Actor.system(0, "命令行"), centre_id=0, filename=options.file.name, content=content, year=options.year, at=at,
        key=_key("load", content, at),
    )  # fmt: skip
    if loaded.value is None:
        return refused(loaded.reasons)
    value = loaded.value
    shown = {name: getattr(value, name) for name in value.__slots__}
    return Answer({"outcome": "APPROVED", **shown})


def _status(options: argparse.Namespace) -> Answer:
    from hpf.kernel.period import Month
    from hpf.parties import queries as parties
    from hpf.workplan.queries.ranking import ranking
    from hpf.workplan.queries.report import month_facts
    from hpf.workplan.queries.wall import wall
    from hpf.workplan.rules.report import is_late, summary, why_late

    centre_id = _centre(options)
    plan = _plan(options, options.on.year)
    facts = month_facts(plan.plan_id, Month.of(options.on), centre_id, options.on)
    told = summary(facts.items, options.on, facts.next_until, facts.warn_days)
    cells = Counter(letter for row in wall(plan.plan_id, options.on, centre_id=centre_id).rows for letter in row.lights)
    codes = {each.centre_id: each.code for each in parties.centres()}
    late = [each for each in facts.items if is_late(each, options.on, facts.warn_days)]
    content: dict[str, Any] = {
        "plan": {"year": plan.year, "title": plan.title, "number": plan.number},
        "on": options.on.isoformat(),
        "centre": codes[centre_id] if centre_id else None,
        **{name: getattr(told, name) for name in told.__slots__},
        "lights": {name: cells[letter] for name, letter in (("red", "R"), ("yellow", "Y"), ("green", "G"), ("grey", "-"))},
        "late_items": [
            {
                "centre": codes[each.centre_id],
                "task_no": each.task_no,
                "title": each.title,
                "period": each.period,
                "due_on": each.due_on.isoformat(),
                "days": (options.on - each.due_on).days,
                "why": why_late(each),
            }
            for each in sorted(late, key=lambda each: (each.due_on, each.task_no, each.centre_id))[:_SHOWN]
        ],
    }
    if centre_id is None:
        content["ranking"] = [
            {"place": each.place, "centre": codes[each.centre_id], "score": each.score} for each in ranking(plan.plan_id, options.on)
        ]
    return Answer(content, is_yes=not late)


def _report(options: argparse.Namespace) -> Answer:
    from hpf.workplan.gateways import report_docx, report_md, report_pdf
    from hpf.workplan.queries.report import monthly

    centre_id = _centre(options)
    plan = _plan(options, options.month.year)
    on = options.on or _today()
    if on < options.month.first_day:
        raise WrongUse(f"workplan report：{options.month.text}尚未开始，不能报告")
    report = monthly(plan.plan_id, options.month, centre_id, on, made_by=options.by)
    write = {"docx": report_docx.to_docx, "pdf": report_pdf.to_pdf, "md": report_md.to_markdown}[options.format]
    content = write(report)
    out = options.out or Path(f"{report.filename}.{options.format}")
    if out.is_dir():
        out = out / f"{report.filename}.{options.format}"
    try:
        out.write_bytes(content)
    except OSError:
        raise WrongUse(f"不能写入文件{out}") from None
    shown: dict[str, Any] = {
        "file": str(out),
        "title": report.title.replace("\n", ""),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    if report.attachment:
        from hpf.workplan.gateways.spreadsheet import ledger_workbook
        from hpf.workplan.queries.ledger_rows import ledger_rows
        from hpf.workplan.queries.tasks import Wanted

        attached = out.with_name(f"{report.attachment}.xlsx")
        attached.write_bytes(ledger_workbook(ledger_rows(Wanted(plan_id=plan.plan_id), on, centre_id=centre_id), title=plan.title, on=on))
        shown["attachment"] = str(attached)
    return Answer(shown)


def _import(options: argparse.Namespace) -> Answer:
    from hpf.kernel.actor import Actor
    from hpf.workplan.services.imports import import_ledger

    centre_id = _centre(options)
    if centre_id is None:
        raise WrongUse("workplan import-xlsx：请用--centre指明是哪个中心的台账")
    content = _read(options.file)
    at = _now()
    plan = _plan(options, at.astimezone(_LOCAL).year)
    done = import_ledger(
        by=Actor.system(centre_id, "命令行"), centre_id=centre_id, plan_id=plan.plan_id, filename=options.file.name, content=content,
        dry_run=options.dry_run, key=_key("import", content, at), at=at,
    )  # fmt: skip
    if done.value is None:
        return refused(done.reasons)
    value = done.value
    shown = {name: getattr(value, name) for name in value.__slots__ if name not in ("faults", "columns", "rule")}
    faults = [
        {"row": each.row, "column": each.column, "value": each.value, "code": each.code, "rule": each.rule, "remedy": each.remedy}
        for each in value.faults[:_SHOWN]
    ]
    columns = dict(value.columns)
    return Answer({"outcome": "APPROVED", "plan": plan.title, **shown, "columns": columns, "faults": faults}, is_yes=not value.fault_count)


_LOCAL = ZoneInfo("Asia/Shanghai")


def _centre(options: argparse.Namespace) -> int | None:
    from hpf.parties import queries as parties

    if not options.centre:
        return None
    known = parties.centres()
    for each in known:
        if options.centre in (each.code, str(each.centre_id), each.name, each.short_name):
            return each.centre_id
    raise WrongUse(f"没有中心“{options.centre}”，可用：{'、'.join(each.code for each in known)}")


def _plan(options: argparse.Namespace, year: int) -> Any:
    """The plan asked for; else that of the year, else the newest before it."""
    from hpf.workplan.queries.plans import plan_of_year, plans

    wanted = options.plan or year
    found = plan_of_year(wanted)
    if found is None and not options.plan:
        found = next((each for each in plans() if each.year < wanted), None)
    if found is None:
        raise WrongUse(f"没有{wanted}年度的工作要点，请先用 hpf workplan load 载入")
    return found


def _key(action: str, content: bytes, at: datetime) -> str:
    return f"hpf-workplan-{action}:{hashlib.sha256(content).hexdigest()[:32]}:{at.isoformat()}"


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return _now().astimezone(_LOCAL).date()
