"""What is written straight is what Django's own templates write."""

from __future__ import annotations

import re
from datetime import date

import pytest

EVIL = "<b>\"甲\" & '乙'</b>"


def cases():
    from django import forms

    choices = [("", "请选择"), ("A", EVIL), ("组", [("B", "乙"), (EVIL, "丙")])]
    plain = {"class": "form-control", "autocomplete": "off", "data-x": EVIL, "required": True, "disabled": False, "maxlength": 40}
    return [
        *((kind(attrs=plain), value) for kind in (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.HiddenInput) for value in (None, "", 0, EVIL)),
        (forms.DateInput(attrs={"type": "date"}), date(2026, 9, 24)),
        (forms.PasswordInput(attrs=plain), EVIL),
        (forms.FileInput(attrs=plain), None),
        (forms.CheckboxInput(attrs=plain), True),
        (forms.CheckboxInput(), False),
        *((forms.Select(attrs=plain, choices=choices), value) for value in (None, "A", "B", EVIL)),
        (forms.SelectMultiple(choices=choices), ["A", "B"]),
        (forms.Textarea(attrs=plain), EVIL),
        (forms.Textarea(), None),
        (forms.CheckboxSelectMultiple(attrs=plain, choices=choices), ["A"]),
        (forms.RadioSelect(choices=choices), "B"),
    ]  # fmt: skip


def squeezed(html):
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize("number", range(30))
def test_the_same_as_django_writes(database, number):
    from django.forms.renderers import DjangoTemplates

    from hpf.web.widgets import StraightWidgets

    every = cases()
    assert len(every) == 30
    widget, value = every[number]
    ours, theirs = (
        widget.render(f"名{EVIL}", value, attrs={"id": "id_x"}, renderer=renderer()) for renderer in (StraightWidgets, DjangoTemplates)
    )
    assert squeezed(ours) == squeezed(theirs)
    assert "<b>" not in ours


@pytest.mark.parametrize("kind", ["CheckboxSelectMultiple", "RadioSelect"])
def test_a_single_box_is_the_same_as_django_writes(database, kind):
    from django import forms
    from django.forms.renderers import DjangoTemplates

    from hpf.web.widgets import StraightWidgets

    def boxes(renderer):
        widget = getattr(forms, kind)(attrs={"class": "form-check-input", "data-x": EVIL})
        form = type("Form", (forms.Form,), {"名": forms.MultipleChoiceField(widget=widget, choices=[("A", EVIL), (EVIL, "乙")])})(
            initial={"名": ["A"]}, renderer=renderer()
        )
        return [(squeezed(box.tag()), squeezed(box.tag(wrap_label=True))) for box in form["名"]]

    assert boxes(StraightWidgets) == boxes(DjangoTemplates) and len(boxes(StraightWidgets)) == 2
    assert "checked" in boxes(StraightWidgets)[0][0] and "<b>" not in str(boxes(StraightWidgets))


def test_pages_use_it(database):
    from django.forms.renderers import get_default_renderer

    from hpf.web.widgets import StraightWidgets

    assert isinstance(get_default_renderer(), StraightWidgets)
