"""`hpf replay`: decisions made again from what they stored, and compared. Nothing is changed."""

from __future__ import annotations

import argparse
from typing import Any

from hpf.jobs.cli.answers import Answer, WrongUse
from hpf.jobs.cli.operations import on_the_platform

SHOWN = 100


def add(families: Any) -> None:
    text = "重放提取决定：按当时的事实和政策重新决定，与原决定逐字比较"
    parser = families.add_parser("replay", help=text, description=text)
    parser.add_argument("application", nargs="?", metavar="申请号", help="提取申请号；重放它的每一次决定")
    parser.add_argument("--all", action="store_true", help="重放库中全部提取决定")
    parser.set_defaults(run=on_the_platform(_replay))


def _replay(options: argparse.Namespace) -> Answer:
    """Exit 1 when any decision comes out differently."""
    from hpf.db.scope import centre_scope
    from hpf.parties import queries as parties
    from hpf.withdrawals import queries as withdrawals

    if bool(options.application) == options.all:
        raise WrongUse("请给出一个提取申请号，或者用--all重放全部决定")
    replayed, changed, notes, different = 0, 0, 0, []
    for centre in parties.centres():
        with centre_scope(centre.centre_id):
            for decision_id in withdrawals.decision_ids(centre.centre_id, options.application):
                found = withdrawals.replay(centre.centre_id, decision_id)
                replayed += 1
                notes += bool(found.notes)
                if found.differences:
                    changed += 1
                    different.append(
                        {
                            "centre": centre.code,
                            "application_no": found.application_no,
                            "decision_id": decision_id,
                            "ground": found.ground,
                            "differences": list(found.differences),
                            "notes": list(found.notes),
                        }
                    )
    if options.application and not replayed:
        raise WrongUse(f"没有提取申请{options.application}的决定，请核对申请号")
    content = {"replayed": replayed, "same": replayed - changed, "different": changed, "law_or_program_changed_since": notes}
    return Answer(content | {"decisions": different[:SHOWN]}, is_yes=changed == 0)
