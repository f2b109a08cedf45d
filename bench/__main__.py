"""`python -m bench [--scale 1] [--only posting,list,…] [--rebuild]`: build the province once, measure, print the table.

At scale 1 the build takes some minutes and 25 GB; it is kept and used again. Results go to `bench/results` as JSON.
Exit code 1 when a measured budget is not met.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench import place, report
from bench.report import Result
from tools.postgres import Cluster

SEED = 20260920
BUILT = "built"


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="bench", description="量：各条热路径对本机底线的比值")
    options.add_argument("--scale", type=float, default=1.0, help="全省为1，小规模试跑可用0.01")
    options.add_argument(
        "--only",
        default="",
        help="proof,list,month,pages,workplan,interest,posting,freezes,apply,rent_run,menu,decide,start 中的几项，逗号分隔",
    )
    options.add_argument("--rebuild", action="store_true", help="重新生成数据")
    options.add_argument("--keep", action="store_true", help="保留工作副本")
    given = options.parse_args(arguments)
    chosen = [name for name in given.only.split(",") if name]
    unknown = sorted(set(chosen) - set(PATHS))
    if unknown:
        options.error(f"没有这一项：{'、'.join(unknown)}；可选：{'、'.join(PATHS)}")
    facts = report.machine() | {"scale": given.scale, "seed": SEED}
    if chosen and set(chosen) <= WITHOUT_BOOKS:
        return _finish(_measured(chosen, given.scale), facts, whole=False)
    place.enter(given.scale)
    from tools import postgres

    cluster = postgres.start(place.CLUSTER)
    source, target = place.database_name(given.scale), f"{place.database_name(given.scale)}_run"
    if given.rebuild or not _is_built(cluster, source):
        from bench.build import build

        build(given.scale, SEED)
        postgres.psql(cluster, "postgres", f"COMMENT ON DATABASE \"{source}\" IS '{BUILT}'")
    _up_to_date()
    print("复制工作副本……", flush=True)
    _reconnect(target)
    place.clone(source, target)
    place.enter(given.scale, target)
    facts["rows"] = _rows(target)
    results = _measured(chosen or list(PATHS), given.scale)
    if not given.keep:
        _reconnect("postgres")
        place.drop(target)
    return _finish(results, facts, whole=not chosen)


def _measured(chosen: list[str], scale: float) -> list[Result]:
    results: list[Result] = []
    for name, measure in PATHS.items():
        if name in chosen:
            print(f"测量 {name}……", flush=True)
            results += measure(scale)
            print(report.table(results), flush=True)
    return results


def _finish(results: list[Result], facts: dict[str, Any], *, whole: bool) -> int:
    """Keep and print the run. 1 when a budget is not met, or when a whole run has left one without a row."""
    facts["load_after"] = os.getloadavg()[0]
    path = report.write(results, facts, datetime.now(UTC))
    print(
        f"\n{report.table(results)}\n\n结果：{path.relative_to(place.PROJECT)}    机器：{facts['processor']}，可用{facts['usable_cores']}核"
    )
    known = report.budgets()
    left = sorted(set(known) - {result.id for result in results}) if whole else []
    missed = [result.id for result in results if result.id in known and not known[result.id].met_by(result)]
    print("；".join([f"没有测到：{'、'.join(left)}"] * bool(left) + [f"未达标：{'、'.join(missed)}"] * bool(missed)) or "预算全部达标")
    return int(bool(left or missed))


def _up_to_date() -> None:
    """A province built before today's code gets today's tables, law and roles."""
    from django.core.management import call_command

    from hpf.access.services import load_roles

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("load_law", pack=[str(place.PROJECT / "demo" / "law")], verbosity=0)
    load_roles()


def _is_built(cluster: Cluster, database: str) -> bool:
    """Built to its end: an interrupted build leaves no mark."""
    from tools import postgres

    found = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{database}'"
    return postgres.psql(cluster, "postgres", found) == BUILT


def _reconnect(database: str) -> None:
    from django.db import connections

    for alias in ("default", "owner", "observer"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database


def _rows(database: str) -> dict[str, int]:
    with place.superuser(database) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in (
                "parties_employer",
                "parties_person",
                "accounts_memberaccount",
                "ledger_journal",
                "ledger_leg",
                "contributions_line",
            )
        }


def _posting(scale: float) -> list[Result]:
    from bench.posting import measure

    return measure(scale)


def _work(name: str) -> Callable[[float], list[Result]]:
    def measure(scale: float) -> list[Result]:
        from bench import work

        return list(getattr(work, f"measure_{name}")(scale))

    return measure


def _pages(scale: float) -> list[Result]:
    from bench.pages import measure_pages

    return measure_pages()


def _workplan(scale: float) -> list[Result]:
    from bench.workplan import measure_workplan

    return measure_workplan(scale)


def _freezes(scale: float) -> list[Result]:
    from bench.freezes import measure_freezes

    return measure_freezes(scale)


def _apply(scale: float) -> list[Result]:
    from bench.applying import measure_applying

    return measure_applying(scale)


def _rent_run(scale: float) -> list[Result]:
    from bench.rent_run import measure_rent_run

    return measure_rent_run(scale)


def _menu(scale: float) -> list[Result]:
    from bench.withdrawal_menu import measure_menu

    return measure_menu(scale)


def _start(scale: float) -> list[Result]:
    from bench.demo_start import measure_start

    return measure_start()


def _decide(scale: float) -> list[Result]:
    from bench.withdrawals import measure_decide

    return measure_decide()


PATHS: dict[str, Callable[[float], list[Result]]] = {
    "proof": _work("proof"),
    "list": _work("list"),
    "month": _work("month"),
    "workplan": _workplan,
    "pages": _pages,
    "interest": _work("interest"),
    "posting": _posting,
    "freezes": _freezes,
    "apply": _apply,
    "rent_run": _rent_run,
    "menu": _menu,
    "decide": _decide,
    "start": _start,
}
"""In this order: the proof on untouched books, the pages of a month that is booked, and last the bare postings, which no
document stands behind."""

WITHOUT_BOOKS = frozenset({"decide"})
"""Pure rules: measured without building the province when nothing else is asked for."""

if __name__ == "__main__":
    sys.exit(main())
