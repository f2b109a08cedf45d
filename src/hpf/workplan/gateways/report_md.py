"""报告的Markdown文本: for reading on a screen and for pasting into a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hpf.workplan.rules.report import Report, Table


def to_markdown(report: Report) -> bytes:
    return ("\n\n".join(_pieces(report)) + "\n").encode()


def _pieces(report: Report) -> Iterator[str]:
    yield "# " + report.title.replace("\n", " ")
    yield _safe(report.addressee)
    yield _safe(report.opening)
    for passage in report.passages:
        yield f"{'#' * (passage.level + 1)} {passage.heading}"
        yield from (_safe(text) for text in passage.paragraphs)
        if passage.table:
            if passage.caption:
                yield f"**{_safe(passage.caption)}**"
            yield _table(passage.table)
    if report.closing:
        yield report.closing
    if report.attachment:
        yield f"附件：{_safe(report.attachment)}"
    signature = report.signature
    yield "  \n".join(
        [
            f"{signature.unit}（单位公章）",
            f"{signature.head}：＿＿＿＿＿＿",
            f"填报人：{_safe(signature.made_by) or '＿＿＿＿＿＿'}",
            f"日期：{signature.signed_on}",
        ]
    )


def _table(table: Table) -> str:
    lines = [_row(head.replace("\n", "") for head in table.heads)]
    lines.append(_row((":---:" if at in table.numbers else "---") for at in range(len(table.heads))))
    lines += [_row(_safe(cell).replace("\n", "<br>").replace("|", "\\|") for cell in row) for row in table.rows]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _safe(text: str) -> str:
    """What people typed stays text: no headings, no HTML, no links of their own making."""
    for sign in "\\`*_[]<>#":
        text = text.replace(sign, "\\" + sign)
    return text
