"""What may be done to one occurrence, by whom, in which state: each act with its form and its command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.web.workplan.forms import EvidenceForm, MoveForm, WordsForm
from hpf.workplan.rules.states import FINAL, OccurrenceState
from hpf.workplan.services import deadlines, evidence, progress

_S = OccurrenceState
LIVE = frozenset(_S) - FINAL


@dataclass(frozen=True, slots=True)
class Given:
    """What a command gets besides the form: who, where, which occurrence as it was seen, which key, when."""

    by: Actor
    centre_id: int
    occurrence_id: int
    version: int
    on: date
    key: str
    at: datetime

    @property
    def plain(self) -> dict[str, Any]:
        """The words that every command takes."""
        return {"by": self.by, "centre_id": self.centre_id, "occurrence_id": self.occurrence_id, "key": self.key, "at": self.at}

    @property
    def seen(self) -> dict[str, Any]:
        return self.plain | {"version": self.version}


@dataclass(frozen=True, slots=True)
class Act:
    """`places` names the field beside which a refusal is said; `states` are those in which the act is offered."""

    title: str
    button: str
    permission: str
    states: frozenset[OccurrenceState]
    form: Callable[..., forms.Form]
    run: Callable[[Given, forms.Form], Decision[Any]]
    done: str
    places: dict[str, str]
    danger: bool = False


def _words(label: str, hint: str = "", *, required: bool = True) -> Callable[..., forms.Form]:
    def make(*args: Any, **named: Any) -> forms.Form:
        named.pop("measures", None)
        return WordsForm(*args, label=label, hint=hint, required=required, **named)

    return make


def _move(*args: Any, **named: Any) -> forms.Form:
    named.pop("measures", None)
    return MoveForm(*args, **named)


def _evidence(given: Given, form: forms.Form) -> Decision[Any]:
    file = form.cleaned_data["file"]
    return evidence.add_evidence(filename=file.name, content=file.read(), measure_id=form.cleaned_data.get("measure"), **given.plain)


def _text(form: forms.Form) -> str:
    return str(form.cleaned_data["text"])


ACTS: dict[str, Act] = {
    "evidence": Act(
        "上传佐证", "上传", "workplan.evidence", LIVE, EvidenceForm, _evidence, "佐证已留存。",
        dict.fromkeys(("EVIDENCE_TWICE", "EVIDENCE_EMPTY", "EVIDENCE_TOO_LARGE", "EVIDENCE_KIND_UNKNOWN", "EVIDENCE_NOT_AS_NAMED"), "file"),
    ),
    "finish": Act(
        "科室办结", "办结", "workplan.done", frozenset({_S.OPEN, _S.RETURNED}), _words("完成情况", "做了什么、成效如何，上报省厅时一并报送"),
        lambda given, form: progress.finish(words=_text(form), **given.seen), "已办结，等待主任上报。", {"WORDS_MISSING": "text"},
    ),
    "answer": Act(
        "答复省厅询问", "答复", "workplan.evidence", LIVE, _words("答复内容"),
        lambda given, form: progress.answer(text=_text(form), **given.seen), "已答复。", {"ANSWER_MISSING": "text"},
    ),
    "reopen": Act(
        "退回科室", "退回科室", "workplan.report", frozenset({_S.DONE_BY_SECTION}), _words("退回原因"),
        lambda given, form: progress.reopen(reason=_text(form), **given.seen), "已退回科室。", {"REASON_MISSING": "text"}, danger=True,
    ),
    "accept": Act(
        "认可", "认可", "workplan.decide", frozenset({_S.REPORTED}), _words("认可意见", "可以不填", required=False),
        lambda given, form: progress.accept(opinion=_text(form), on=given.on, **given.seen), "已认可，佐证就此封存。", {},
    ),
    "return": Act(
        "退回中心", "退回", "workplan.decide", frozenset({_S.REPORTED}), _words("退回原因", "缺什么、怎么补，写明后中心才能办"),
        lambda given, form: progress.return_(reason=_text(form), on=given.on, **given.seen), "已退回，等待中心补充后再报。",
        {"REASON_MISSING": "text"}, danger=True,
    ),
    "ask": Act(
        "追问", "发出询问", "workplan.decide", frozenset({_S.REPORTED}), _words("询问内容", "状态不变，标为待补充，中心答复后消除"),
        lambda given, form: progress.ask(question=_text(form), **given.seen), "询问已发出。", {"QUESTION_MISSING": "text"},
    ),
    "move": Act(
        "调整期限", "调整", "workplan.move_deadline", LIVE, _move,
        lambda given, form: deadlines.move_deadline(to_on=form.cleaned_data["to_on"], reason=form.cleaned_data["reason"], **given.seen),
        "期限已调整，原期限和原因保留。", {"REASON_MISSING": "reason", "DEADLINE_SAME": "to_on", "DATES_CROSSED": "to_on"},
    ),
    "comment": Act(
        "批注", "批注", "workplan.comment", frozenset(_S), _words("批注内容"),
        lambda given, form: progress.comment(text=_text(form), **given.plain), "批注已写入历史。", {"COMMENT_MISSING": "text"},
    ),
}  # fmt: skip
