"""The handbook says what the code does: headings, defects, steps, balances, posts; every link leads somewhere; it is Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import pytest

from hpf.contributions.rules.lists import HEADINGS
from hpf.policy.rules.files import read_yaml
from tools import messages

PROJECT = Path(__file__).resolve().parents[2]
HANDBOOK = PROJECT / "docs" / "handbook"
PAGES = sorted(HANDBOOK.glob("*.md"))
LIST_FILES = (
    "rules/lists.py",
    "rules/cells.py",
    "rules/workbook.py",
    "rules/delimited.py",
    "rules/list_check.py",
    "rules/back_payment.py",
    "services/checking.py",
)
ENGLISH_NAMES = {"Debian", "Excel", "PostgreSQL", "Python", "Word", "csv", "docx", "xls", "xlsx"}

_CODE = re.compile(r"`[^`]*`")
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.MULTILINE)
_HEADER = re.compile(r"[A-Za-z]+(-[A-Za-z]+)+")
_LINK = re.compile(r"\]\(([^)#]+)\)")


def text_of(name: str) -> str:
    return (HANDBOOK / f"{name}.md").read_text(encoding="utf-8")


def missing(words: Iterable[str], text: str) -> list[str]:
    return [word for word in words if word not in text]


def english_left_over(text: str) -> list[str]:
    """Words of Latin letters outside code: abbreviations in capitals, names of products and of headers (X-Y) may stay."""
    plain = _HEADER.sub("", _LINK.sub("]", _INDENTED.sub("", _CODE.sub("", text))))
    return sorted({word for word in re.findall(r"[A-Za-z]{3,}", plain) if not word.isupper() and word not in ENGLISH_NAMES})


def dead_links(text: str, folder: Path) -> list[str]:
    return [link for link in _LINK.findall(text) if not link.startswith("http") and not (folder / unquote(link)).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere_and_the_text_is_chinese(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert dead_links(text, page.parent) == []
    assert english_left_over(text) == []


def test_every_page_is_in_the_table_of_contents() -> None:
    assert missing([page.name for page in PAGES if page.stem != "README"], text_of("README")) == []


def test_every_heading_of_a_list_is_described() -> None:
    described = text_of("清册格式")
    assert missing([heading for headings in HEADINGS.values() for heading in headings], described) == []


def test_every_defect_of_a_list_is_described_and_no_other() -> None:
    codes = {
        each.code for each in messages.everything() if each.module == "contributions" and any(file in each.where for file in LIST_FILES)
    }
    limits = {"BASE_BELOW_FLOOR", "BASE_ABOVE_CAP", "RATE_BELOW_MINIMUM", "RATE_ABOVE_MAXIMUM", "RATES_DIFFER"}
    described = set(re.findall(r"^\| `([A-Z_]+)`", text_of("清册格式"), re.MULTILINE))
    assert described == codes | limits


def test_every_step_and_balance_of_the_day_is_described() -> None:
    import django

    django.setup()
    from hpf.closing.queries.balance import TITLES
    from hpf.closing.services.day import STEPS

    described = text_of("日终与三账平衡")
    rows = re.findall(r"^\| (\d+) \| (\S+) \|", described, re.MULTILINE)
    assert [(int(number), title) for number, title in rows] == [(number, step.title) for number, step in enumerate(STEPS, 1)]
    assert missing([*TITLES.values(), *(f"| {check.removesuffix('b')} |" for check in TITLES)], described) == []


def test_every_post_is_described() -> None:
    roles = read_yaml(PROJECT / "src" / "hpf" / "access" / "roles.yaml")["roles"]
    assert missing([role["label"] for role in roles.values()], text_of("系统管理")) == []


def test_the_checks_can_fail() -> None:
    assert missing(["单位", "个人"], "个人") == ["单位"]
    assert english_left_over("点 Submit 或 `hpf verify`，用 PostgreSQL") == ["Submit"]
    assert dead_links("[见](没有.md) [有](README.md)", HANDBOOK) == ["没有.md"]
