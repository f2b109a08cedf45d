"""upgrade: bring a database to what this version of the program says: schema, law, chart of accounts, roles. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "升级数据库：表结构、法规和参数、科目、岗位和权限。可以重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pack", action="append", default=None, help="附加参数包文件夹，同 load_law")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", database="owner", interactive=False, verbosity=options["verbosity"])
        call_command("load_law", pack=options["pack"], verbosity=options["verbosity"])
