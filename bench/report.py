"""Results beside their budgets: a table for people, JSON for machines."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Result:
    """One measured row. `floor` is None where the budget is a waiting time; `ratio` is measured to floor."""

    id: str
    measured: float
    floor: float | None = None
    ratio: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit on `measured` or on `ratio`."""

    id: str
    path: str
    unit: str
    compares: str
    at_most: float | None = None
    at_least: float | None = None

    def met_by(self, result: Result) -> bool:
        value = result.measured if self.compares == "measured" else result.ratio
        if value is None:
            return False
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)

    @property
    def text(self) -> str:
        sign, value = ("≤", self.at_most) if self.at_most is not None else ("≥", self.at_least)
        return f"{sign} {value:g}" + (f" {self.unit}" if self.compares == "measured" else " 倍")


def budgets() -> dict[str, Budget]:
    rows = yaml.safe_load((HERE / "budgets.yaml").read_text(encoding="utf-8"))["budgets"]
    return {row["id"]: Budget(**row) for row in rows}


def machine() -> dict[str, Any]:
    import os

    memory = next(
        (int(line.split()[1]) // 1024 for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")),
        0,
    )
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    return {
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)),
        "processor": model,
        "memory_mb": memory,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - _wide(text))


def table(results: list[Result]) -> str:
    """What was measured, row by row, with floor, ratio, budget and whether it is met."""
    known = budgets()
    lines = [("项目", "底线", "实测", "比值", "预算", "达标", "说明")]
    for result in results:
        budget = known.get(result.id)
        lines.append(
            (
                budget.path if budget else result.id,
                _number(result.floor),
                _number(result.measured) + (f" {budget.unit}" if budget else ""),
                "-" if result.ratio is None else f"{result.ratio:.2f}",
                budget.text if budget else "-",
                "" if not budget else "是" if budget.met_by(result) else "否",
                result.note,
            )
        )
    widths = [max(_wide(line[column]) for line in lines) for column in range(7)]
    return "\n".join("  ".join(_pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def write(results: list[Result], facts: dict[str, Any], at: datetime) -> Path:
    """Keep the run; returns where."""
    known = budgets()
    rows = [
        asdict(result) | {"budget": known[result.id].text, "met": known[result.id].met_by(result)} if result.id in known else asdict(result)
        for result in results
    ]
    path = HERE / "results" / f"{at:%Y%m%dT%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"facts": facts, "rows": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
