"""银行对账: who has what, and whether the balances agree through it."""

from datetime import date

from hpf.kernel.money import Money
from hpf.treasury.rules.reconciling import Item, Kind, compare, unexplained

DAY = date(2026, 8, 3)


def item(number: int, reference: str, yuan: str) -> Item:
    return Item(number, reference, Money.yuan(yuan), DAY, "汇缴")


def test_what_both_sides_have_is_no_difference() -> None:
    assert compare([item(1, "A", "5.00")], [item(9, "A", "5.00")]) == []


def test_each_side_alone_is_named_by_its_kind() -> None:
    found = compare([item(1, "A", "5.00"), item(2, "B", "-6.00")], [item(3, "C", "7.00"), item(4, "D", "-8.00")])
    assert [(d.reference, d.kind) for d in found] == [
        ("A", Kind.BANK_IN_ONLY), ("B", Kind.BANK_OUT_ONLY), ("C", Kind.BOOK_IN_ONLY), ("D", Kind.BOOK_OUT_ONLY),
    ]  # fmt: skip
    assert unexplained(Money.yuan("-1.00"), Money.yuan("-1.00"), found) == Money(0)


def test_one_number_with_two_amounts_is_named_with_both() -> None:
    (found,) = compare([item(1, "A", "5.01")], [item(9, "A", "5.00")])
    assert found.kind is Kind.AMOUNT_DIFFERS and "银行5.01元，账上5.00元，差0.01元" in found.message
    assert unexplained(Money.yuan("5.01"), Money.yuan("5.00"), [found]) == Money(0)


def test_a_difference_of_balances_that_no_item_explains_remains() -> None:
    assert unexplained(Money(100), Money(99), []) == Money(1)
