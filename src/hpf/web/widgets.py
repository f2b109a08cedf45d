"""Inputs, selects and text areas written straight: the same HTML as Django's templates, of which a page with seven forms renders fifty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html" for kind in ("input", "text", "number", "date", "email", "password", "hidden", "file", "checkbox")
)
_BOXES = frozenset(f"django/forms/widgets/{kind}_option.html" for kind in ("checkbox", "radio"))
"""One of several boxes or buttons."""


class StraightWidgets(DjangoTemplates):
    """The settings' FORM_RENDERER. What it does not know by heart goes through Django's own template."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        widget = context.get("widget", {})
        if template_name in _INPUTS or (template_name in _BOXES and not widget["wrap_label"]):
            return SafeString(_input(widget))
        if template_name == "django/forms/widgets/select.html":
            return SafeString(_select(widget))
        if template_name == "django/forms/widgets/textarea.html":
            value = conditional_escape(widget["value"]) if widget["value"] else ""
            return SafeString(f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>')
        return super().render(template_name, context, request)


def _attributes(given: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
        for name, value in given.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    return f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        parts += [f'<optgroup label="{conditional_escape(group)}">'] if group else []
        parts += [
            f'<option value="{conditional_escape(str(each["value"]))}"{_attributes(each["attrs"])}>{conditional_escape(each["label"])}</option>'
            for each in options
        ]
        parts += ["</optgroup>"] if group else []
    return "".join([*parts, "</select>"])
