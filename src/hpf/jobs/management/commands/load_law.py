"""load_law: bring law/, the packs beside it and the roles into the database. Safe to run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hpf.access.services import load_roles
from hpf.ledger.services import load_chart
from hpf.parties.services import load_centres
from hpf.policy.rules import LawFileError, LawFiles
from hpf.policy.rules.files import read_yaml
from hpf.policy.services import load_law


class Command(BaseCommand):
    help = "装载法规文件、政策参数、科目、岗位和权限；法规没有变化时不写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--law", default=None, help="法规文件夹，默认为项目的 law/")
        parser.add_argument("--pack", action="append", default=None, help="附加参数包文件夹，可重复；默认按系统设置，演示环境为 demo/law")

    def handle(self, *args: Any, **options: Any) -> None:
        configured = [Path(folder) for folder in settings.HPF_LAW_FOLDERS]
        folder = Path(options["law"] or configured[0])
        packs = configured[1:] if options["pack"] is None else [Path(pack) for pack in options["pack"]]
        for each in (folder, *packs):
            if not each.is_dir():
                raise CommandError(f"没有文件夹 {each}，请检查路径")
        try:
            law = LawFiles.read(folder, *packs)
            load_centres(read_yaml(folder / "centres.yaml")["centres"])
            parents = {subject.parent for subject in law.chart}
            load_chart(
                (subject.code, subject.name, subject.category, 1 if subject.normal_side == "DEBIT" else -1, subject.code not in parents)
                for subject in law.chart
            )
            loaded = load_law(folder, packs, at=timezone.now())
            grants = load_roles()
        except LawFileError as problem:
            raise CommandError(str(problem)) from problem
        if options["verbosity"]:
            done = "已装载" if loaded.changed else "内容未变，未写入"
            self.stdout.write(
                f"{done}：文件{loaded.sources}件，条文{loaded.articles}条，参数{loaded.parameters}个，岗位授权{grants}项，摘要{loaded.digest[:12]}"
            )
