"""Refusals beside the fields they are about: what a command refused is read where it can be put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms

from hpf.kernel.decision import Reason


def say_beside(form: forms.Form, reasons: Iterable[Reason], places: Mapping[str, str]) -> None:
    """Each reason beside the field that `places` names for its code, or at the head of the form; its law with it."""
    for reason in reasons:
        text = f"{reason.message}（依据：{'、'.join(reason.law)}）" if reason.law else reason.message
        form.add_error(places.get(reason.code), text)
