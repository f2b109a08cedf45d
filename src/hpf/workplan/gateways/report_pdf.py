"""报告的PDF文件, and the wall on one sheet of A3. Set by WeasyPrint from a sheet of HTML of our own; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hpf.workplan.gateways.press import PRESS
from hpf.workplan.rules.lights import MEANINGS, NOT_FOR_CENTRE, SIGNS, Colour
from hpf.workplan.rules.report import Report, Signature, Table
from hpf.workplan.rules.wall_sheet import WallSheet

_SONG = '"FangSong_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC", "Noto Serif SC", serif'
_HEI = '"SimHei", "黑体", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'
_KAI = '"KaiTi_GB2312", "楷体", "KaiTi", "Noto Serif CJK SC", serif'

_REPORT_STYLE = f"""
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm;
  @bottom-center {{ content: "— " counter(page) " —"; font: 14pt {_SONG}; }} }}
body {{ font: 16pt/28pt {_SONG}; margin: 0; text-align: justify; }}
h1 {{ font: bold 22pt/32pt "方正小标宋简体", "Noto Serif CJK SC", serif; text-align: center; margin: 0 0 24pt; }}
h2, h3 {{ font: 16pt/28pt {_HEI}; margin: 0; text-indent: 2em; break-after: avoid; }}
h3 {{ font-family: {_KAI}; }}
p {{ margin: 0; text-indent: 2em; orphans: 2; widows: 2; }}
p.to {{ text-indent: 0; }}
p.lead {{ break-after: avoid; }}
p.caption {{ font: 12pt/20pt {_HEI}; text-indent: 0; text-align: center; margin-top: 6pt; break-after: avoid; }}
table {{ border-collapse: collapse; width: 100%; margin: 4pt 0 12pt; font-size: 10.5pt; line-height: 15pt; table-layout: fixed; }}
thead {{ display: table-header-group; }}
tr {{ break-inside: avoid; }}
th, td {{ border: 0.6pt solid #000; padding: 2.5pt 3pt; text-align: left; vertical-align: middle; overflow-wrap: anywhere; }}
th {{ font: 10.5pt/15pt {_HEI}; text-align: center; }}
td.m {{ text-align: center; }}
p.with {{ margin-top: 14pt; }}
.end {{ break-before: avoid; break-inside: avoid; }}
.sign {{ margin: 28pt 0 0 66mm; line-height: 34pt; }}
.sign div {{ white-space: nowrap; }}
"""


def to_pdf(report: Report) -> bytes:
    return PRESS.pdf(report_html(report))


def report_html(report: Report) -> str:
    """The report as a sheet of HTML: what the PDF is made of, and the page's own preview."""
    title = escape(report.title)
    body = "".join(_report(report))
    return f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title.replace(chr(10), "")}</title><style>{_REPORT_STYLE}</style></head><body>{body}</body></html>'


def _report(report: Report) -> Iterator[str]:
    yield f"<h1>{_lines(report.title)}</h1><p class='to'>{escape(report.addressee)}</p><p>{escape(report.opening)}</p>"
    for passage in report.passages:
        yield f"<h{passage.level + 1}>{escape(passage.heading)}</h{passage.level + 1}>"
        last = len(passage.paragraphs) - 1 if passage.table else -1
        yield from (f"<p{' class=lead' if at == last else ''}>{escape(text)}</p>" for at, text in enumerate(passage.paragraphs))
        if passage.table:
            if passage.caption:
                yield f"<p class='caption'>{escape(passage.caption)}</p>"
            yield from _table(passage.table)
    closing = f"<p>{escape(report.closing)}</p>" if report.closing else ""
    attached = f"<p class='with'>附件：{escape(report.attachment)}</p>" if report.attachment else ""
    yield f"<div class='end'>{closing}{attached}{_signature(report.signature)}</div>"


def _table(table: Table) -> Iterator[str]:
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{share * 154 // whole}mm">' for share in table.widths)
    heads = "".join(f"<th>{_lines(head)}</th>" for head in table.heads)
    yield f"<table><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead><tbody>"
    for row in table.rows:
        cells = "".join(f"<td{' class=m' if at in table.numbers else ''}>{_lines(cell)}</td>" for at, cell in enumerate(row))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"


def _signature(signature: Signature) -> str:
    blank = "＿＿＿＿＿＿＿＿"
    lines = (
        f"{signature.unit}（单位公章）",
        f"{signature.head}：{blank}",
        f"填报人：{signature.made_by or blank}",
        f"日期：{signature.signed_on}",
    )
    return f"<div class='sign'>{''.join(f'<div>{escape(line)}</div>' for line in lines)}</div>"


# ------------------------------------------------------------------ the wall

_WALL_STYLE = f"""
@page {{ size: A3 landscape; margin: 12mm 12mm 14mm;
  @bottom-left {{ content: string(legend); font: 9pt {_HEI}; }}
  @bottom-right {{ content: "第" counter(page) "页，共" counter(pages) "页"; font: 9pt {_HEI}; }} }}
body {{ font: 10pt/12pt {_HEI}; margin: 0; }}
h1 {{ font: bold 20pt/26pt {_HEI}; margin: 0 0 2mm; }}
.legend {{ string-set: legend content(); font-size: 9pt; margin: 0 0 3mm; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; }}
thead {{ display: table-header-group; }}
tr {{ break-inside: avoid; }}
th, td {{ border: 0.5pt solid #666; padding: 1.2mm 0.8mm; text-align: center; overflow-wrap: anywhere; }}
th {{ background: #f0f0f0; font-size: 10pt; }}
td.n {{ width: 8mm; }}
td.t {{ text-align: left; }}
tr.part td {{ background: #e3e8ee; font-size: 11pt; text-align: left; font-weight: bold; }}
tr.part {{ break-after: avoid; }}
td.RED, td.YELLOW, td.GREEN {{ font-size: 13pt; font-weight: bold; }}
td.RED {{ background: #c8102e; color: #fff; }}
td.YELLOW {{ background: #ffd24d; color: #000; }}
td.GREEN {{ background: #1e8449; color: #fff; }}
td.GREY {{ color: #555; }}
td.none {{ color: #999; }}
"""


def wall_to_pdf(sheet: WallSheet) -> bytes:
    """A3 landscape, colours doubled by signs so that a copy without colours can be read as well."""
    return PRESS.pdf(wall_html(sheet))


def wall_html(sheet: WallSheet) -> str:
    legend = (
        "　".join(f"{SIGNS[colour]} {text}" for colour, text in MEANINGS[:-1])
        + f"　{SIGNS[Colour.GREY]} 未到预警期　{NOT_FOR_CENTRE} 与该中心无关"
    )
    columns = "".join(f"<th>{escape(name)}</th>" for name in sheet.centres)
    widths = '<col style="width:3%"><col style="width:25%"><col style="width:8%">' + "<col>" * len(sheet.centres)
    rows = "".join(_wall_rows(sheet))
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title><style>{_WALL_STYLE}</style></head>'
        f"<body><h1>{escape(sheet.title)}</h1><div class='legend'>{escape(legend)}</div><table><colgroup>{widths}</colgroup>"
        f"<thead><tr><th>号</th><th>任务</th><th>期限</th>{columns}</tr></thead><tbody>{rows}</tbody></table></body></html>"
    )


def _wall_rows(sheet: WallSheet) -> Iterator[str]:
    part = None
    for row in sheet.rows:
        if row.part != part:
            part = row.part
            yield f"<tr class='part'><td colspan='{3 + len(sheet.centres)}'>{escape(part)}</td></tr>"
        cells = "".join(
            f"<td class='none'>{NOT_FOR_CENTRE}</td>"
            if cell is None
            else f"<td class='{cell.colour}'>{SIGNS[cell.colour]}{escape(cell.text)}</td>"
            for cell in row.cells
        )
        yield f"<tr><td class='n'>{row.task_no}</td><td class='t'>{escape(row.title)}</td><td>{escape(row.deadline)}</td>{cells}</tr>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
