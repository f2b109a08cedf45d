"""对应: which task of the plan a line of a centre's own ledger means. The rule is said to the person who imports.

Number first, then the same words, then one text inside the other, then the most alike; what is not clearly one task is
refused with the nearest ones named, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from hpf.workplan.rules.ledger_file import Fault, LedgerLine
from hpf.workplan.rules.numerals import chinese, number
from hpf.workplan.rules.wording import bare, one_line

ALIKE: Final = Fraction(1, 2)
APART: Final = Fraction(15, 100)
SHORTEST_INSIDE: Final = 6
RULE: Final = (
    "填有任务号的，按任务号对应，任务文字须与该任务相符。",
    "没有任务号的，任务文字与任务名称或任务要求完全相同的对应；其次一方完整包含另一方且只有一项的对应。",
    "再次按文字相似度对应：相似度不低于50%，且比第二相似的高出15个百分点以上。",
    "写明条款的，只在该条款的任务中对应；该条款只有一项任务的，即为该任务。",
    "不能确定唯一任务的行不导入，列出最接近的任务供填写任务号。",
)


@dataclass(frozen=True, slots=True)
class KnownTask:
    """What a line is compared with."""

    task_id: int
    task_no: int
    title: str
    demand: str
    anchor: str


class TaskFinder:
    """Finds the task of a line. Each different text is compared once; comparing costs as much as it has in common."""

    def __init__(self, tasks: Sequence[KnownTask]) -> None:
        self._tasks = {each.task_id: each for each in tasks}
        self._numbers = {each.task_no: each for each in tasks}
        self._texts = {each.task_id: (bare(one_line(each.title)), bare(one_line(each.demand))) for each in tasks}
        self._pairs: list[tuple[int, set[str]]] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        for each in tasks:
            for text in dict.fromkeys(self._texts[each.task_id]):
                pairs = _pairs_of(text)
                for pair in pairs:
                    self._where[pair].append(len(self._pairs))
                self._pairs.append((each.task_id, pairs))
        self._found: dict[tuple[int | None, str, str], KnownTask | Fault] = {}

    def find(self, line: LedgerLine) -> KnownTask | Fault:
        key = (line.task_no, line.anchor, line.task)
        if key not in self._found:
            self._found[key] = self._look(line)
        found = self._found[key]
        return found if isinstance(found, KnownTask) else Fault(line.row, found.column, found.value, found.code, found.rule, found.remedy)

    def _look(self, line: LedgerLine) -> KnownTask | Fault:
        text = bare(_without_number(line.task))
        if line.task_no is not None:
            return self._numbered(line, text)
        anchor, tasks = self._within(line, text)
        if isinstance(tasks, Fault):
            return tasks
        chosen = {each.task_id for each in tasks}
        if anchor and len(chosen) == 1:
            return tasks[0]
        if not text:
            return _fault(
                line, "条款", line.anchor, "TASK_UNCLEAR", f"该条款有{len(chosen)}项任务，不知道是哪一项", f"请填写任务号：{_listed(tasks)}"
            )
        for same in (
            [each for each in tasks if text in self._texts[each.task_id]],
            [each for each in tasks if len(text) >= SHORTEST_INSIDE and any(_inside(text, own) for own in self._texts[each.task_id])],
        ):
            if len(same) == 1:
                return same[0]
            if len(same) > 1 and len({each.title for each in same}) == 1:
                return _fault(line, "任务", line.task, "TASK_UNCLEAR", f"与{len(same)}项任务的文字都相符", f"请填写任务号：{_listed(same)}")
        return self._most_alike(line, text, chosen)

    def _numbered(self, line: LedgerLine, text: str) -> KnownTask | Fault:
        task = self._numbers.get(line.task_no or 0)
        if task is None:
            return _fault(
                line,
                "任务号",
                str(line.task_no),
                "TASK_NO_UNKNOWN",
                "要点中没有这个任务号",
                "请照要点台账核对任务号，或清空任务号按文字对应",
            )
        if text and max(self._scores(text).get(task.task_id, Fraction()), self._contains(text, task)) < APART:
            rule = f"任务号{task.task_no}是“{task.title}”，与本行任务文字“{line.task[:30]}”不符"
            return _fault(line, "任务号", str(line.task_no), "TASK_NO_OTHER", rule, "请核对任务号和任务文字，更正其中之一")
        return task

    def _contains(self, text: str, task: KnownTask) -> Fraction:
        return Fraction(any(_inside(text, own) for own in self._texts[task.task_id]))

    def _within(self, line: LedgerLine, text: str) -> tuple[str, list[KnownTask] | Fault]:
        """The tasks of the clause that the line names; all where it names none. A wrong clause is told only if nothing has its words."""
        anchor = anchor_of(line.anchor)
        if not anchor:
            return "", list(self._tasks.values())
        tasks = [each for each in self._tasks.values() if each.anchor == anchor] or [
            each for each in self._tasks.values() if each.anchor.startswith(f"{anchor}(")
        ]
        if tasks:
            return anchor, tasks
        if text:
            return "", list(self._tasks.values())
        return anchor, _fault(line, "条款", line.anchor, "CLAUSE_UNKNOWN", "要点中没有这一条，或这一条没有任务", "请核对条款，或填写任务号")

    def _most_alike(self, line: LedgerLine, text: str, chosen: set[int]) -> KnownTask | Fault:
        scores = {task_id: score for task_id, score in self._scores(text).items() if task_id in chosen}
        ranked = sorted(scores, key=lambda task_id: (-scores[task_id], self._tasks[task_id].task_no))[:3]
        if not ranked or scores[ranked[0]] < ALIKE:
            near = f"最接近的是{'、'.join(self._told(task_id, scores) for task_id in ranked[:2])}" if ranked else "没有相近的任务"
            return _fault(
                line, "任务", line.task, "TASK_UNKNOWN", f"要点中没有与之相符的任务，{near}", "请填写任务号，或照要点改写任务文字"
            )
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < APART:
            told = "、".join(self._told(task_id, scores) for task_id in ranked)
            return _fault(line, "任务", line.task, "TASK_UNCLEAR", f"与{told}都相近，不能确定是哪一项", "请填写任务号")
        return self._tasks[ranked[0]]

    def _scores(self, text: str) -> dict[int, Fraction]:
        """Dice's measure over pairs of signs, the better of title and demand."""
        own = _pairs_of(text)
        common = Counter(place for pair in own for place in self._where.get(pair, ()))
        best: dict[int, Fraction] = {}
        for place, count in common.items():
            task_id, pairs = self._pairs[place]
            score = Fraction(2 * count, len(own) + len(pairs))
            best[task_id] = max(best.get(task_id, Fraction()), score)
        return best

    def _told(self, task_id: int, scores: dict[int, Fraction]) -> str:
        task = self._tasks[task_id]
        return f"任务{task.task_no}“{task.title}”（相似度{int(scores[task_id] * 100)}%）"


def anchor_of(text: str) -> str:
    """五、（二）, 五(二), 第五部分（二）, 5.2 as the plan's own anchor 五(二); empty when it is none."""
    text = re.sub(r"\s", "", text).replace("（", "(").replace("）", ")")
    found = re.match(r"第?([一二三四五六七八九十]{1,3})(?:部分|条|项)?[、.]?(?:\(?([一二三四五六七八九十]{1,3})\)?)?", text)
    if found and found[0]:
        return f"{found[1]}({found[2]})" if found[2] else found[1]
    if numeric := re.fullmatch(r"(\d{1,2})(?:[.．-](\d{1,2}))?", text):
        signs = [_numeral(each) for each in numeric.groups() if each]
        return f"{signs[0]}({signs[1]})" if len(signs) == 2 else signs[0]
    return text if text in ("通知", "总") else ""


def _numeral(text: str) -> str:
    value = number(text)
    return chinese(value) if 0 < value < 100 else ""


def _without_number(text: str) -> str:
    """（一）扩大制度覆盖范围 and 3.开展自评 without the number of the line."""
    return re.sub(r"^(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|\d{1,3}(?:[.．、](?!\d)))+", "", one_line(text))


def _inside(text: str, own: str) -> bool:
    return (len(own) >= SHORTEST_INSIDE and own in text) or text in own


def _pairs_of(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _listed(tasks: Iterable[KnownTask]) -> str:
    return "、".join(f"{each.task_no}“{each.title[:16]}”" for each in list(tasks)[:5])


def _fault(line: LedgerLine, column: str, value: str, code: str, rule: str, remedy: str) -> Fault:
    return Fault(line.row, column, value[:40], code, rule, remedy)
