"""覆盖情况: write docs/law_coverage.md, article by article, from the code, the values, the golden cases and law/.

python -m tools.law_coverage           write the document
python -m tools.law_coverage --check   exit 1 when the document is not what it should be
"""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT / "src")]

from hpf.policy.rules import LawFiles  # noqa: E402
from hpf.policy.rules.coverage import ArticleCoverage, citations_in, cover, golden_cases  # noqa: E402

DOCUMENT = PROJECT / "docs" / "law_coverage.md"


def read_law() -> LawFiles:
    return LawFiles.read(PROJECT / "law", PROJECT / "demo" / "law")


def rows(law: LawFiles) -> list[ArticleCoverage]:
    golden, functions = golden_cases(PROJECT / "tests" / "golden"), citations_in(PROJECT / "src" / "hpf")
    return cover(law.articles(), law.parameters, law.notes, golden, functions)


def document(law: LawFiles) -> str:
    covered = rows(law)
    lines = [
        "# 法规覆盖情况",
        "",
        "由 `python -m tools.law_coverage` 生成，不要手工修改。条文为转述。",
        "「已实现」列出实现该条的函数或结构；「已录入」表示程序按该条的数值、科目、代码或日历办理；其余写明原因。",
        "",
        "| 文件 | 条文 | 已实现 | 已录入 | 后续实现 | 不实现 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for source in law.sources:
        states = [row.text for row in covered if row.article.source == source.id]
        counts = [states.count(state) for state in ("已实现", "已录入", "后续实现", "不实现")]
        lines.append(f"| {source.id} | {len(states)} | {' | '.join(map(str, counts))} |")
    for source in law.sources:
        lines += ["", f"## {source.title}", "", f"{source.number}，{source.issuer}。可信程度：{source.confidence.text}。{source.note}"]
        lines += ["", "| 条文 | 版本 | 转述 | 状态 | 实现、参数、案例或原因 |", "| --- | --- | --- | --- | --- |"]
        for row in covered:
            if row.article.source == source.id:
                article = row.article
                lines.append(f"| {article.article} | {article.edition} | {article.restated} | {row.text} | {_by(row)} |")
    return "\n".join(lines) + "\n"


def _by(row: ArticleCoverage) -> str:
    parts = [f"`{name.removeprefix('hpf.')}`" for name in row.functions]
    parts += [*row.structure, *(f"参数 `{key}`" for key in row.parameters), *(f"`law/{file}`" for file in row.files)]
    if row.golden:
        parts.append(f"案例{len(row.golden)}个")
    if row.reason:
        parts.append(("后续：" if row.later else "不实现：") + row.reason)
    return "；".join(parts)


def main() -> int:
    text = document(read_law())
    if "--check" in sys.argv[1:]:
        if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text:
            return 0
        print("docs/law_coverage.md 不是最新的，请运行 python -m tools.law_coverage", file=sys.stderr)
        return 1
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
