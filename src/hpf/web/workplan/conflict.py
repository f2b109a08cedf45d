"""两人同时修改: what stands now and what was typed, side by side, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from hpf.kernel.decision import Decision


@dataclass(frozen=True, slots=True)
class Conflict:
    """`sides`: a title and its lines (name, text)."""

    message: str
    sides: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def conflict_of(decision: Decision[Any], now_is: Sequence[tuple[str, str]], form: forms.Form) -> Conflict | None:
    """None unless the refusal says that somebody else has changed it meanwhile."""
    reason = next((each for each in decision.reasons if each.code == "CHANGED_MEANWHILE"), None)
    if reason is None:
        return None
    typed = tuple((str(field.label), _text(field)) for field in form.visible_fields() if field.widget_type != "file")
    return Conflict(reason.message, (("现在的内容", tuple((name, text) for name, text in now_is if text)), ("您填写的内容", typed)))


def _text(field: forms.BoundField) -> str:
    value = field.value()
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value) or "")
