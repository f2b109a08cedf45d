"""差距: the passages on what is late, was returned, misses its target or was put off, with the reason of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from hpf.workplan.rules.report import (
    Facts,
    Item,
    Measured,
    Moved,
    Passage,
    Returned,
    centres_of,
    centres_text,
    day,
    figure,
    in_order,
    is_late,
    listed,
    operator_text,
    short_day,
    who,
    why_late,
)
from hpf.workplan.rules.states import OccurrenceState

MOST_REASONS, NAMED = 3, 3


def late(facts: Facts) -> Iterator[Passage]:
    found = sorted(
        (each for each in facts.items if is_late(each, facts.until, facts.warn_days)), key=lambda each: (each.due_on, *in_order(each))
    )
    if not found:
        return
    longest = (facts.until - found[0].due_on).days
    if facts.centre_id is not None:
        rows = [
            (str(at), each.label, short_day(each.due_on, facts.year), str((facts.until - each.due_on).days), who(each), why_late(each))
            for at, each in enumerate(found, 1)
        ]
        text = f"截至{day(facts.until)}，逾期未完成{len(found)}个，最长逾期{longest}天。"
        heads = ("序号", "任务", "期限", "逾期\n天数", "责任科室\n责任人", "原因")
        yield listed(facts, "逾期事项及原因", text, heads, (7, 28, 12, 8, 14, 31), rows, {0, 2, 3})
        return
    centres = {each.centre_id: each.centre for each in found}
    count = {centre_id: sum(each.centre_id == centre_id for each in found) for centre_id in centres}
    most = sorted(centres, key=lambda centre_id: (-count[centre_id], centre_id))
    text = f"截至{day(facts.until)}，{len(centres)}个中心逾期未完成{len(found)}个，最长逾期{longest}天：{_counts(most, centres, count)}。"
    tasks: dict[int, list[Item]] = {}
    for each in found:
        tasks.setdefault(each.task_no, []).append(each)
    every = centres_of(facts.items)
    rows = [
        (
            str(at), f"{own[0].task_no}. {own[0].title}", _dates(own, facts.year), str((facts.until - own[0].due_on).days),
            centres_text(own, every), "；".join(_reasons(own)),
        )
        for at, own in enumerate(tasks.values(), 1)
    ]  # fmt: skip
    heads = ("序号", "任务", "期限", "最长\n逾期天数", "中心", "原因")
    yield listed(facts, "逾期事项及原因", text, heads, (7, 25, 13, 10, 16, 29), rows, {0, 2, 3})


def _dates(items: Sequence[Item], year: int) -> str:
    """The earliest date, and how many dates are late."""
    days = dict.fromkeys(each.due_on for each in items)
    first = short_day(items[0].due_on, year)
    return first if len(days) == 1 else f"{first}\n等{len(days)}期"


def _counts(most: Sequence[int], centres: dict[int, str], count: dict[int, int]) -> str:
    """Centres with the same number are named together."""
    groups: dict[int, list[str]] = {}
    for each in most:
        groups.setdefault(count[each], []).append(centres[each])
    return "，".join(f"{'、'.join(names)}{'各' if len(names) > 1 else ''}{number}个" for number, names in groups.items())


def _reasons(items: Sequence[Item]) -> Iterator[str]:
    """The same reason of several centres is said once."""
    told: dict[str, list[str]] = {}
    for each in items:
        told.setdefault(why_late(each).rstrip("。；"), []).append(each.centre)
    every, before = len({each.centre for each in items}), set[str]()
    for why, named in sorted(told.items(), key=lambda each: len(set(each[1]))):
        centres = list(dict.fromkeys(named))
        most = len(centres) > 5 and len(centres) * 2 > every
        centres = [name for name in centres if not most or name not in before]
        before.update(centres)
        yield f"{f'其余{len(centres)}个中心' if most else '、'.join(centres)}：{why}" if len(told) > 1 else why


def returned(facts: Facts) -> Iterator[Passage]:
    """A centre tells each return; the province tells of each centre how often, why, and what has not come back."""
    items = {each.occurrence_id: each for each in facts.items}
    found = [(each, items[each.occurrence_id]) for each in facts.returned if each.occurrence_id in items]
    if not found:
        return
    text = f"{facts.this}省厅退回{len(found)}次。"
    rows: list[tuple[str, ...]]
    if facts.centre_id is not None:
        rows = [
            (str(at), item.label, short_day(each.on, facts.year), each.reason, item.state.label) for at, (each, item) in enumerate(found, 1)
        ]
        yield listed(facts, "退回事项及原因", text, ("序号", "任务", "退回", "退回原因", "目前状态"), (7, 34, 12, 35, 12), rows, {0, 2, 4})
        return
    centres: dict[int, list[tuple[Returned, Item]]] = {}
    for each, item in found:
        centres.setdefault(item.centre_id, []).append((each, item))
    rows = [
        (
            own[0][1].centre, str(len(own)), str(sum(item.state is OccurrenceState.RETURNED for item in {i.occurrence_id: i for _, i in own}.values())),
            _most_said([each.reason for each, _ in own]),
        )
        for _, own in sorted(centres.items())
    ]  # fmt: skip
    yield listed(facts, "退回事项及原因", text, ("中心", "退回\n次数", "尚未\n重报", "退回原因"), (14, 10, 10, 66), rows, {0, 1, 2})


def _most_said(reasons: Sequence[str]) -> str:
    """The reasons that were given most often, each with how often."""
    counted = Counter(each.rstrip("。；") for each in reasons).most_common()
    told = [f"{why}（{number}次）" if number > 1 else why for why, number in counted[:MOST_REASONS]]
    left = sum(number for _, number in counted[MOST_REASONS:])
    return "；".join(told) + (f"；其他原因{left}次" if left else "")


def measured(facts: Facts) -> Iterator[Passage]:
    known = [each for each in facts.measured if each.value is not None and each.target is not None]
    if not facts.measured:
        return
    met = sum(each.gap == 0 for each in known)
    missing = len(facts.measured) - len(known)
    text = f"由数值衡量的任务{len(facts.measured)}项次，达到目标{met}项次，未达到{len(known) - met}项次"
    text += f"，尚无数值{missing}项次。" if missing else "。"
    shown: list[tuple[str, Measured]] = [("", each) for each in facts.measured]
    if facts.centre_id is None:
        shown = _not_met(facts.measured)
        text += "下表列未达到目标和尚无数值的。" if len(shown) < len(facts.measured) and shown else ""
    rows = [
        (
            str(at), f"{whose}{each.task_no}. {each.title}",
            f"{operator_text(each.operator)}{figure(each.target)}{each.unit if each.target is not None else ''}",
            figure(each.value) + (each.unit if each.value is not None else ""), _gap(each), _change(each), each.source,
        )
        for at, (whose, each) in enumerate(shown, 1)
    ]  # fmt: skip
    heads = ("序号", "任务", "目标", "数值", "差距", "比上月", "数值来源")
    yield listed(facts, "目标任务完成情况", text, heads, (7, 27, 16, 12, 12, 12, 14), rows, {0, 2, 3, 4, 5})


def _not_met(found: Sequence[Measured]) -> list[tuple[str, Measured]]:
    """Whose each line is, and the line: centres that miss the target one by one, those without a figure of a task together."""
    lines: list[tuple[str, Measured]] = []
    silent: dict[int, list[Measured]] = {}
    for each in found:
        if each.value is None:
            silent.setdefault(each.task_no, []).append(each)
        elif each.gap != 0:
            lines.append((f"{each.centre}：", each))
    for own in silent.values():
        names = "、".join(each.centre for each in own[:NAMED])
        lines.append((f"{names}{f'等{len(own)}个中心' if len(own) > NAMED else ''}：", own[0]))
    return sorted(lines, key=lambda line: (line[1].task_no, line[1].value is None, line[1].centre_id))


def _gap(measured: Measured) -> str:
    gap = measured.gap
    return "—" if gap is None else "达到" if gap == 0 else f"{figure(gap)}{measured.unit}"


def _change(measured: Measured) -> str:
    if measured.value is None or measured.before is None:
        return "—"
    change = measured.value - measured.before
    return "持平" if change == 0 else f"{'上升' if change > 0 else '下降'}{figure(abs(change))}{measured.unit}"


def moved(facts: Facts) -> Iterator[Passage]:
    """The same move of several centres, for the same reason, is one row."""
    items = {each.occurrence_id: each for each in facts.items}
    found = [each for each in facts.moved if each.occurrence_id in items]
    same: dict[tuple[int, str, date, date, str], list[Moved]] = {}
    for each in found:
        item = items[each.occurrence_id]
        same.setdefault((item.task_no, item.period, each.from_on, each.to_on, each.reason), []).append(each)
    rows, every = [], centres_of(facts.items)
    for at, own in enumerate(same.values(), 1):
        whose = [items[each.occurrence_id] for each in own]
        name = whose[0].label if facts.centre_id is not None else f"{centres_text(whose, every)}：{whose[0].label}"
        days = (short_day(own[0].from_on, facts.year), short_day(own[0].to_on, facts.year))
        rows.append((str(at), name, *days, own[0].reason, f"{own[0].by}\n{short_day(own[0].on, facts.year)}"))
    if rows:
        heads = ("序号", "任务", "原期限", "调整后", "原因", "调整人")
        yield listed(facts, "期限调整", f"{facts.this}调整期限{len(found)}次。", heads, (7, 29, 12, 12, 27, 13), rows, {0, 2, 3})
