"""Columns for the kernel's values."""

from __future__ import annotations

from typing import Any

from django.db import models

from hpf.kernel.money import Money
from hpf.kernel.period import Month


class MoneyField(models.BigIntegerField):
    """An amount: whole fen in the column, `Money` in Python. Name the attribute `..._fen`."""

    description = "金额（分）"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Money | None:
        if value is None or isinstance(value, Money):
            return value
        return Money(value) if type(value) is int else Money.yuan(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        return value.fen if isinstance(value, Money) else int(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is not None and not isinstance(value, Money) and not hasattr(value, "as_sql"):
            raise TypeError(f"{self.name} takes Money, not {type(value).__name__}")
        return super().get_db_prep_save(value, connection)


class MonthField(models.IntegerField):
    """A calendar month: months since year 0 in the column (so months count and compare), `Month` in Python."""

    description = "年月"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Month | None:
        return None if value is None else Month.from_index(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        return Month.from_index(value) if type(value) is int else Month.parse(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        return value.index if isinstance(value, Month) else int(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is not None and not isinstance(value, Month) and not hasattr(value, "as_sql"):
            raise TypeError(f"{self.name} takes Month, not {type(value).__name__}")
        return super().get_db_prep_save(value, connection)
