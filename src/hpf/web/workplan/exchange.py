"""报告与表格: the monthly report ready to be signed, the ledger as a spreadsheet, and the spreadsheets of centres read in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import nullcontext

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from hpf.kernel.decision import Decision
from hpf.kernel.period import Month
from hpf.web.beside import say_beside
from hpf.web.page import actor, form_key, looked_at, now, tell
from hpf.web.workplan.answers import file_answer
from hpf.web.workplan.forms import SheetForm
from hpf.web.workplan.scene import acting_in, allowed, centres, chosen_plan, in_centre, is_province, may, opens, reader, show, today, whole
from hpf.workplan import services
from hpf.workplan.gateways.press import PRESS
from hpf.workplan.gateways.report_docx import to_docx
from hpf.workplan.gateways.report_md import to_markdown
from hpf.workplan.gateways.report_pdf import to_pdf, wall_to_pdf
from hpf.workplan.gateways.spreadsheet import ledger_workbook
from hpf.workplan.queries.ledger_rows import ledger_rows
from hpf.workplan.queries.plans import PlanView
from hpf.workplan.queries.report import monthly, wall_sheet, yearly
from hpf.workplan.queries.tasks import Wanted
from hpf.workplan.rules.report import Report
from hpf.workplan.rules.states import PlanState
from hpf.workplan.services import LedgerImported

WRITERS: dict[str, Callable[[Report], bytes]] = {"docx": to_docx, "pdf": to_pdf, "md": to_markdown}


@require_GET
@opens
def exchange(request: HttpRequest) -> HttpResponse:
    """What may be taken along and brought in. Who comes here may soon print, so the press is started meanwhile."""
    PRESS.foresee()
    return _shown(request, SheetForm(prefix="sheet"))


def _shown(request: HttpRequest, form: SheetForm, done: LedgerImported | None = None) -> HttpResponse:
    plan, every = chosen_plan(request)
    on = today(request)
    months = [Month(plan.year, number) for number in range(1, 13)] if plan else []
    last = Month.of(on) + -1
    return show(
        request, "exchange", plan=plan, plans=[(p.plan_id, p.title) for p in every], on=on, months=[(str(m), m.text) for m in months] + ([(str(plan.year), f"{plan.year}年全年")] if plan else []),
        month=str(last if last in months else Month.of(on)), province=is_province(request), centres=list(centres().items()), form=form, done=done,
        may_import=plan is not None and plan.state is PlanState.ACTIVE and not is_province(request) and may(request, "workplan.break_down"), may_export=may(request, "data.export"),
    )  # fmt: skip


def _asked(request: HttpRequest) -> tuple[PlanView, int | None]:
    """The plan, and whose rows: staff get their own centre's, the province one centre's or with none all."""
    plan, _ = chosen_plan(request)
    if plan is None:
        raise Http404
    centre = reader(request)
    if centre is None and (asked := request.GET.get("centre")):
        centre = whole(asked)
        if centre not in centres():
            raise Http404
    return plan, centre


@require_GET
@opens
def report(request: HttpRequest, kind: str) -> HttpResponse:
    """月报 as it stood at the month's end, or the whole year's up to today; with the ledger beside it where it refers to that."""
    plan, centre = _asked(request)
    if kind not in WRITERS:
        raise Http404
    on, name, asked = today(request), centres().get(centre or 0, "全省"), request.GET.get("month", "")
    whole_year = asked == str(plan.year)
    try:
        month = None if whole_year else Month.parse(asked)
    except ValueError:
        raise Http404 from None
    with nullcontext() if centre is None else in_centre(request, centre):
        by = actor(request).name
        written = yearly(plan.plan_id, centre, on, made_by=by) if month is None else monthly(plan.plan_id, month, centre, on, made_by=by)
    looked_at(request, kind="EXPORT", subject=f"工作要点进展报告 {month.text if month else f'{plan.year}年'} {name}")
    file = f"{written.filename}.{kind}", WRITERS[kind](written)
    if not written.attachment:
        return file_answer(*file)
    ledger = ledger_workbook(ledger_rows(Wanted(plan_id=plan.plan_id), on, centre_id=centre), title=plan.title, on=on)
    return file_answer(f"{written.filename}.zip", _together(file, (f"附件：{written.attachment}.xlsx", ledger)))


def _together(*files: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for filename, content in files:
            packed.writestr(filename, content)
    return held.getvalue()


@require_GET
@opens
def sheet(request: HttpRequest) -> HttpResponse:
    """The whole ledger as a spreadsheet."""
    allowed(request, "data.export")
    plan, centre = _asked(request)
    on, name = today(request), centres().get(centre or 0, "全省")
    found = ledger_rows(Wanted(plan_id=plan.plan_id), on, centre_id=centre)
    looked_at(request, kind="EXPORT", subject=f"工作台账 {name} {len(found)}行")
    return file_answer(f"{name}工作台账_{on}.xlsx", ledger_workbook(found, title=plan.title, on=on))


@require_GET
@opens
def wall_file(request: HttpRequest) -> HttpResponse:
    """The wall as an A3 file to print."""
    plan, centre = _asked(request)
    on = today(request)
    looked_at(request, kind="EXPORT", subject="台账墙")
    return file_answer(
        f"台账墙_{on}.pdf", wall_to_pdf(wall_sheet(plan.plan_id, on, centre_id=centre, part=request.GET.get("part", "")[:20]))
    )


@require_POST
@opens
def read_in(request: HttpRequest) -> HttpResponse:
    """导入台账: tried first, row by row, or for good; what a row says wrong is told with its row."""
    allowed(request, "workplan.break_down")
    centre = reader(request)
    plan, _ = chosen_plan(request)
    if centre is None or plan is None:
        raise Http404
    form, dry = SheetForm(request.POST, request.FILES, prefix="sheet"), request.POST.get("what") != "import"
    if not form.is_valid():
        return _shown(request, form)
    file = form.cleaned_data["file"]
    decision = services.import_ledger(
        by=acting_in(request, centre), centre_id=centre, plan_id=plan.plan_id, filename=file.name, content=file.read(), dry_run=dry,
        key=form_key(request) + ("d" if dry else "i"), at=now(),
    )  # fmt: skip
    return _told(request, form, decision)


@require_POST
@opens
def confirm(request: HttpRequest, file_id: int) -> HttpResponse:
    """正式导入 the file that was tried, from its kept original: what was looked at is what goes in."""
    allowed(request, "workplan.break_down")
    centre = reader(request)
    if centre is None:
        raise Http404
    decision = services.confirm_ledger(by=acting_in(request, centre), centre_id=centre, file_id=file_id, key=form_key(request), at=now())
    return _told(request, SheetForm(prefix="sheet"), decision)


def _told(request: HttpRequest, form: SheetForm, decision: Decision[LedgerImported]) -> HttpResponse:
    if decision.is_approved and (done := decision.value):
        if not done.dry_run:
            said = (
                f"已导入：{done.matched}行对应{done.tasks}项任务，改动{done.assignments_changed}项分解，新增{done.measures_added}条措施。"
            )
            tell(request, decision, said)
        return _shown(request, SheetForm(prefix="sheet"), done)
    if form.is_bound:
        say_beside(form, decision.reasons, {reason.code: "file" for reason in decision.reasons})
    else:
        tell(request, decision, "")
    return _shown(request, form)
