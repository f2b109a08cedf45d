"""依据: the article behind an act, in the edition of its day, restated so that it can be read on the spot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class LawText:
    """《住房公积金管理条例》第三十五条 as people cite it, and what it says."""

    title: str
    restated: str


def law_in_force(citations: Iterable[str], on: date) -> list[LawText]:
    """The cited articles whose edition is in force on the day; the documents are read once and kept."""
    wanted = set(citations)
    found = []
    for source in policy.sources():
        for article in source.articles:
            cited = f"{article.citation}@{article.edition}" if article.edition else article.citation
            if cited in wanted and (article.since is None or article.since <= on) and (article.until is None or on < article.until):
                found.append(LawText(f"《{source.title}》第{article.article}条", article.restated))
    return found
