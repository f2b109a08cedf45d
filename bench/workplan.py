"""工作台账: a plan of 200 tasks in sixteen centres, lived for a year: its wall, its report, WP24 loaded, a centre's own 5,000 rows.

The plans are loaded by command from a document of our own; the year that the centres lived with them is rows, as the
province's books are.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bench import place
from bench.pages import PASSWORD, _database, _signed_in
from bench.report import Result
from bench.rows import OPEN_DAY

TASKS, PARTS, ROWS, TIMES = 200, 10, 5_000, 60
WP24 = place.PROJECT / "demo" / "workplan" / "甘建金〔2024〕26号.md"
AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
LANZHOU = 1
_WHEN = ("每月", "每季度", "6月底前", "9月底前", "12月底前", "3月底前", "11月底前", "5月底前", "10月底前", "12月底前")
_WHAT = (
    "完善缴存扩面工作机制并报送进展情况", "推进灵活就业人员参加住房公积金制度", "优化线上服务办理流程", "开展数据质量提升专项治理",
    "完成风险隐患排查整改", "加强逾期贷款清收管理", "落实内部审计和监督检查", "组织业务培训和政策宣传", "推动跨部门信息共享", "健全制度规范和工作台账",
)  # fmt: skip
_NUMERALS = "一二三四五六七八九十"


def measure_workplan(scale: float) -> list[Result]:
    """Four budgets, in the order in which they use each other's rows."""
    _sign_up()
    load_seconds, loaded = _timed(lambda: _load(WP24.name, WP24.read_bytes(), 2024))
    _told_short = f"{loaded.clauses}条{loaded.sentences}句，{loaded.tasks}项任务，{loaded.occurrences}个期次"
    year, running = _full_plan(OPEN_DAY.year - 1), _full_plan(OPEN_DAY.year)
    _live(year.plan_id, date(OPEN_DAY.year - 1, 12, 31))
    _live(running.plan_id, OPEN_DAY)
    p95, wall_note = _wall(running.plan_id, loaded.plan_id)
    report_seconds, report_note = _report(year.plan_id)
    import_seconds, import_note = _import(running.plan_id)
    return [
        Result("workplan.wall", p95, note=wall_note),
        Result("workplan.report", report_seconds, note=report_note),
        Result("workplan.load", load_seconds, note=_told_short),
        Result("workplan.import", import_seconds, note=import_note),
    ]


def lived_plan() -> None:
    """A year's plan of full size and what became of it, where no plan is there yet: what the pages of other paths show."""
    from hpf.workplan.queries.plans import plans

    if not plans():
        running = _full_plan(OPEN_DAY.year)
        _live(running.plan_id, OPEN_DAY)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


# -- the plans


def _load(filename: str, content: bytes, year: int) -> Any:
    from hpf.kernel.actor import Actor
    from hpf.workplan.services import load_plan

    decision = load_plan(
        by=Actor.system(0, "量"), centre_id=0, filename=filename, content=content, year=year, at=AT, key=f"bench:plan:{year}"
    )
    if decision.value is None:
        raise SystemExit("；".join(reason.message for reason in decision.reasons))
    return decision.value


def _full_plan(year: int) -> Any:
    """200 tasks of every kind of deadline, asked of all sixteen centres."""
    lines = [f"# {year}年全省住房公积金监管工作要点（量）", ""]
    for part in range(PARTS):
        lines += [f"## {_NUMERALS[part]}、第{_NUMERALS[part]}方面重点工作", ""]
        for number in range(TASKS // PARTS):
            at = part * (TASKS // PARTS) + number
            lines += [f"各中心要{_WHEN[at % len(_WHEN)]}{_WHAT[(at * 7 + part) % len(_WHAT)]}第{at + 1}项。", ""]
    plan = _load(f"量{year}.md", "\n".join(lines).encode(), year)
    if plan.tasks != TASKS or plan.assignments != TASKS * 16:
        raise SystemExit(f"量所用的要点应有{TASKS}项任务、{TASKS * 16}个责任事项，读出{plan.tasks}项、{plan.assignments}个")
    return plan


# -- the year that was lived

_MEASURED = """UPDATE workplan_task SET measure_kind = 'INDICATOR', measure_code = 'overdue_rate', operator = '<=', target = 0.2
    WHERE plan_id = %(plan)s AND task_no %% 20 = 6"""
_ASSIGNED = """UPDATE workplan_assignment SET measure_text = '明确分管领导和责任科室，逐月推进，按期报送进展和佐证', section = '业务' || task_id %% 6 || '科',
    person_id = 'bench' || centre_id, person_name = '经办' || centre_id, state = 'CONFIRMED', confirmed_by = '主任', confirmed_at = %(at)s
    WHERE plan_id = %(plan)s"""
_FATES = """CREATE TEMPORARY TABLE fate AS
    SELECT o.id, o.centre_id, o.plan_id, o.task_id, o.assignment_id, o.due_on, t.measure_code <> '' AS measured,
           CASE WHEN o.due_on > %(on)s THEN 'OPEN' WHEN lot < 82 THEN 'ACCEPTED' WHEN lot < 88 THEN 'LATE' WHEN lot < 93 THEN 'REPORTED'
                WHEN lot < 96 THEN 'RETURNED' ELSE 'OPEN' END AS fate
    FROM workplan_occurrence o JOIN workplan_task t ON t.id = o.task_id
    CROSS JOIN LATERAL (SELECT mod(abs(hashint8(o.id)::bigint), 100) AS lot) l WHERE o.plan_id = %(plan)s"""
_EVIDENCE = """INSERT INTO workplan_evidence (centre_id, occurrence_id, filename, mime, content, sha256, size_bytes, uploaded_by, uploaded_by_name,
        uploaded_at, withdrawn_by, withdrawn_reason)
    SELECT centre_id, id, '佐证' || id || '.txt', 'text/plain', body, encode(sha256(body), 'hex'), length(body), 'bench', '经办', due_on - 6, '', ''
    FROM fate CROSS JOIN LATERAL (SELECT convert_to('佐证材料' || id, 'UTF8') AS body) b WHERE fate <> 'OPEN'"""
_EVENTS = """INSERT INTO workplan_event (centre_id, plan_id, task_id, assignment_id, occurrence_id, kind, at, by_id, by_name, text, before, after)
    SELECT f.centre_id, f.plan_id, f.task_id, f.assignment_id, f.id, e.kind, f.due_on + e.days, 'bench', e.who, e.text, '{}',
           CASE e.kind WHEN 'REPORTED' THEN jsonb_build_object('reported_on', f.due_on + e.days)
                       WHEN 'ACCEPTED' THEN jsonb_build_object('decided_on', f.due_on + e.days) ELSE '{}' END
    FROM fate f JOIN (VALUES
        ('ACCEPTED', 1, 'EVIDENCE_ADDED', -6, '经办', '佐证'), ('ACCEPTED', 2, 'FINISHED', -5, '经办', '已完成'), ('ACCEPTED', 3, 'REPORTED', -3, '主任', '已完成'),
        ('ACCEPTED', 4, 'ACCEPTED', -1, '省厅', ''), ('LATE', 1, 'COMMENTED', 0, '主任', '因部门数据未到延后'), ('LATE', 2, 'FINISHED', 4, '经办', '已完成'),
        ('LATE', 3, 'REPORTED', 5, '主任', '已完成'), ('LATE', 4, 'ACCEPTED', 8, '省厅', ''), ('REPORTED', 1, 'FINISHED', -3, '经办', '已完成'),
        ('REPORTED', 2, 'REPORTED', -1, '主任', '已完成'), ('RETURNED', 1, 'FINISHED', -6, '经办', '已完成'), ('RETURNED', 2, 'REPORTED', -5, '主任', '已完成'),
        ('RETURNED', 3, 'RETURNED', -2, '省厅', '佐证材料不完整，请补充数据来源'), ('OPEN', 1, 'COMMENTED', -2, '经办', '正在协调有关部门')
    ) AS e(fate, place, kind, days, who, text) ON e.fate = f.fate WHERE f.fate <> 'OPEN' OR f.due_on <= %(on)s ORDER BY f.id, e.place"""
_STATES = """UPDATE workplan_occurrence o SET state = CASE f.fate WHEN 'LATE' THEN 'ACCEPTED' ELSE f.fate END, words = '按要求完成，成效良好',
        finished_by = '经办', finished_at = f.due_on - 5, reported_by = '主任', reported_at = f.due_on - 3, returns = (f.fate = 'RETURNED')::int,
        reported_on = f.due_on + CASE f.fate WHEN 'LATE' THEN 5 ELSE -3 END, decided_by = CASE f.fate WHEN 'REPORTED' THEN '' ELSE '省厅' END,
        decided_on = CASE WHEN f.fate <> 'REPORTED' THEN f.due_on END, decided_at = CASE WHEN f.fate <> 'REPORTED' THEN f.due_on::timestamptz END,
        opinion = CASE f.fate WHEN 'RETURNED' THEN '佐证材料不完整，请补充数据来源' ELSE '' END, is_measured = f.measured,
        is_met = CASE WHEN f.measured THEN f.fate <> 'RETURNED' END, value = CASE WHEN f.measured THEN 0.15 END,
        measured_on = CASE WHEN f.measured THEN f.due_on END
    FROM fate f WHERE f.id = o.id AND f.fate <> 'OPEN'"""
_READINGS = """INSERT INTO workplan_reading (centre_id, assignment_id, month, value, source, taken_on, note, entered_by, entered_by_name, entered_at,
        signed_by, signed_by_name, signed_at, refused_reason, is_superseded)
    SELECT a.centre_id, a.id, %(year)s * 12 + m, 0.1 + mod(a.centre_id, 6) * 0.03 - m * 0.002, 'ENTERED', make_date(%(year)s, m + 1, 5), '', 'bench1', '经办', %(at)s, 'bench2',
           '主任', %(at)s, '', false
    FROM workplan_assignment a JOIN workplan_task t ON t.id = a.task_id CROSS JOIN generate_series(0, %(months)s - 1) AS m
    WHERE a.plan_id = %(plan)s AND t.measure_code <> ''"""
_MOVES = """INSERT INTO workplan_deadlinemove (centre_id, occurrence_id, from_on, to_on, reason, moved_by, moved_at)
    SELECT centre_id, id, due_on - 20, due_on, '部门接口推迟上线', '省厅', due_on - 30 FROM fate WHERE mod(task_id, 12) = 7 AND mod(centre_id, 4) = 0"""
_MEASURES = """INSERT INTO workplan_measure (centre_id, assignment_id, title, section, person_id, person_name, due_on, state, version, created_by, created_at)
    SELECT a.centre_id, a.id, '分步措施' || n, a.section, a.person_id, a.person_name, make_date(%(year)s, n * 4, 20), 'OPEN', 1, '经办', %(at)s
    FROM workplan_assignment a CROSS JOIN generate_series(1, 3) AS n WHERE a.plan_id = %(plan)s AND mod(a.task_id, 8) = 0"""


def _live(plan_id: int, on: date) -> None:
    """Everything that is due by a day has its fate: mostly accepted in time, some late, some returned, some never done."""
    given = {"plan": plan_id, "on": on, "at": AT, "year": on.year, "months": on.month}
    with place.superuser(_database()) as connection:
        for statement in (_MEASURED, _ASSIGNED, _FATES, _EVIDENCE, _EVENTS, _STATES, _READINGS, _MOVES, _MEASURES):
            connection.execute(statement, given)
        connection.execute("DROP TABLE fate")
        for table in ("assignment", "occurrence", "event", "evidence", "reading", "measure", "task"):
            connection.execute(f"VACUUM ANALYZE workplan_{table}")


# -- the wall


@dataclass(frozen=True, slots=True)
class _Officer:
    login: str = "bench.planoffice"
    secret: str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _sign_up() -> None:
    """省厅台账管理, appointed at the province."""
    from hpf.access.services import appointments
    from hpf.kernel.actor import Actor

    one = appointments.NewUser(_Officer().login, "省厅台账管理", "SUPERVISOR", "PLAN_OFFICE", second_factor_secret=_Officer().secret)
    appointments.register_users(
        by=Actor.system(0, "量"), centre_id=0, users=(one,), password=PASSWORD, at=datetime.now(UTC), key="bench:planoffice"
    )


def _wall(plan_id: int, small_plan_id: int) -> tuple[float, str]:
    """The province's page of the wall through all of the middleware; as many queries for 200 tasks as for WP24."""
    client = _signed_in("staff", _Officer().login, _Officer().secret)
    address = f"/workplan/wall/?plan={plan_id}"
    answer = client.get(address)
    cells = answer.content.count(b"<td class=")
    if answer.status_code != 200 or cells < TASKS * 16:
        raise SystemExit(f"台账墙应有{TASKS * 16}格，页面状态{answer.status_code}，{cells}格")
    times = np.array([_timed(lambda: client.get(address).close())[0] * 1000 for _ in range(TIMES)])
    queries, small = (_queries(client, f"/workplan/wall/?plan={number}") for number in (plan_id, small_plan_id))
    if queries != small:
        raise SystemExit(f"台账墙的查询次数随任务数变化：{TASKS}项任务{queries}次，WP24{small}次")
    return float(np.percentile(times, 95)), f"{cells}格，{queries}次查询，与WP24的墙相同；中位{np.median(times):.1f}毫秒"


def _queries(client: Any, address: str) -> int:
    from contextlib import ExitStack

    from django.db import connections

    count = 0

    def counted(execute: Any, *given: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*given)

    with ExitStack() as stack:
        for alias in ("default", "observer"):
            stack.enter_context(connections[alias].execute_wrapper(counted))
        client.get(address).close()
    return count


# -- the report of a year, and the import


def _report(plan_id: int) -> tuple[float, str]:
    """The province's report of the whole year from the database to the file, in each kind; the slowest counts.

    The press has printed before, as the page starts it when it is opened; how long the first sheet takes is said.
    """
    from hpf.workplan.gateways.press import PRESS
    from hpf.workplan.gateways.report_docx import to_docx
    from hpf.workplan.gateways.report_md import to_markdown
    from hpf.workplan.gateways.report_pdf import to_pdf
    from hpf.workplan.queries.report import yearly

    cold, _ = _timed(lambda: PRESS.pdf("<p>附</p>"))
    seconds, sizes = {}, {}
    for kind, write in (("docx", to_docx), ("pdf", to_pdf), ("md", to_markdown)):
        seconds[kind], written = _timed(lambda write=write: write(yearly(plan_id, None, date(OPEN_DAY.year - 1, 12, 31), made_by="量")))
        sizes[kind] = len(written)
    slowest = max(seconds, key=lambda kind: seconds[kind])
    told = "，".join(f"{kind} {seconds[kind]:.2f}秒{sizes[kind] // 1024}KB" for kind in seconds)
    return seconds[slowest], f"全省全年，最慢{slowest}：{told}；印制进程启动后首份{cold:.1f}秒，打开报告页时在后台启动"


def _import(plan_id: int) -> tuple[float, str]:
    """A centre's own ledger: 25 steps of each task, in the words that the document has, not by number."""
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from hpf.workplan.queries.tasks import Wanted, occurrence_page
    from hpf.workplan.services.imports import import_ledger

    with centre_scope(LANZHOU):
        found = occurrence_page(Wanted(plan_id=plan_id), OPEN_DAY, centre_id=LANZHOU, limit=10_000).lines
    titles = list(dict.fromkeys(each.title for each in found))
    content = _ledger([(titles[at % len(titles)], at // len(titles) + 1) for at in range(ROWS)])
    seconds, decision = _timed(lambda: import_ledger(
        by=Actor.system(LANZHOU, "量"), centre_id=LANZHOU, plan_id=plan_id, filename="台账.xlsx", content=content, dry_run=False, at=AT,
        key="bench:ledger",
    ))  # fmt: skip
    done = decision.value
    if done is None or done.measures_added != ROWS:
        raise SystemExit(f"导入应新增{ROWS}条措施：{done.measures_added if done else decision.reasons}")
    return seconds, f"{done.rows}行，对应{done.tasks}项任务，新增措施{done.measures_added}条，差错{done.fault_count}处"


def _ledger(rows: list[tuple[str, int]]) -> bytes:
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["序号", "重点任务", "具体措施", "责任科室", "责任人", "完成时限", "进展情况"])
    for at, (title, step) in enumerate(rows, 1):
        sheet.write_row(
            at,
            0,
            [
                at,
                title,
                f"第{step}步：制定方案并组织实施{at}",
                f"业务{at % 6}科",
                f"经办{at % 40}",
                f"{step % 12 + 1}月底",
                f"已完成{step * 3}%",
            ],
        )
    book.close()
    return held.getvalue()
