"""认款: whose money it is, why, or why nobody can say."""

from datetime import date

from hpf.kernel.money import ZERO, Money
from hpf.treasury.rules.matching import ExpectationFacts, Ground, ReceiptFacts, match_all, references_in

DAY = date(2026, 8, 3)


def receipt(yuan: str, summary: str = "", name: str = "兰州第一中学", account: str = "", number: int = 1) -> ReceiptFacts:
    return ReceiptFacts(number, Money.yuan(yuan), account, name, summary, DAY)


def expected(
    yuan: str, reference: str = "HJ0100000001", name: str = "兰州第一中学", account: str = "", number: int = 1
) -> ExpectationFacts:
    return ExpectationFacts(number, reference, Money.yuan(yuan), Money.yuan(yuan), name, account)


def only(receipts: list[ReceiptFacts], expectations: list[ExpectationFacts]):
    (match,) = match_all(receipts, expectations)
    return match, match.reasons[0]


def test_a_reference_is_found_however_it_is_typed() -> None:
    for summary in ("HJ0100000001", "公积金HJ0100000001八月", "ｈｊ０１０００００００１", "hj 0100000001", "HJ-0100000001"):
        match, reason = only([receipt("1.00", summary, name="别人")], [expected("1.00")])
        assert (match.expectation_id, match.ground, reason.code) == (1, Ground.REFERENCE, "MATCHED"), summary


def test_short_and_long_money_are_named_with_their_difference() -> None:
    match, reason = only([receipt("99.99", "HJ0100000001")], [expected("100.00")])
    assert (match.difference, reason.code) == (Money(-1), "SHORT") and "少0.01元" in reason.message
    match, reason = only([receipt("100.01", "HJ0100000001")], [expected("100.00")])
    assert (match.difference, reason.code) == (Money(1), "LONG") and "多0.01元" in reason.message


def test_without_a_reference_account_and_amount_then_name_and_amount_decide() -> None:
    assert (
        only([receipt("5.00", account="27 01", name="")], [expected("5.00", account="2701", name="")])[0].ground
        is Ground.ACCOUNT_AND_AMOUNT
    )
    assert only([receipt("5.00")], [expected("5.00")])[0].ground is Ground.NAME_AND_AMOUNT


def test_two_equal_candidates_are_no_answer() -> None:
    match, reason = only([receipt("5.00")], [expected("5.00", "HJ0100000001"), expected("5.00", "HJ0100000002", number=2)])
    assert match.expectation_id is None and reason.code == "AMBIGUOUS" and "2笔同额" in reason.message


def test_two_references_in_one_summary_are_no_answer() -> None:
    match, reason = only(
        [receipt("10.00", "HJ0100000001 HJ0100000002")], [expected("5.00", "HJ0100000001"), expected("5.00", "HJ0100000002", number=2)]
    )
    assert match.expectation_id is None and reason.code == "SEVERAL_REFERENCES"


def test_another_amount_without_a_reference_stays_and_says_how_much_it_is_off() -> None:
    match, reason = only([receipt("4.00")], [expected("5.00")])
    assert match.expectation_id is None and match.difference == ZERO
    assert reason.code == "AMOUNT_DIFFERS" and "少1.00元" in reason.message


def test_a_stranger_stays() -> None:
    match, reason = only([receipt("4.00", "货款", name="过路商贸")], [expected("5.00")])
    assert match.expectation_id is None and reason.code == "STRANGER" and "过路商贸" in reason.message


def test_the_same_money_twice_is_taken_once() -> None:
    first, second = match_all([receipt("5.00", "HJ0100000001"), receipt("5.00", "HJ0100000001", number=2)], [expected("5.00")])
    assert first.reasons[0].code == "MATCHED" and second.reasons[0].code == "ALREADY_MET"


def test_parts_complete_an_expectation() -> None:
    codes = [
        m.reasons[0].code
        for m in match_all([receipt("3.00", "HJ0100000001"), receipt("2.00", "HJ0100000001", number=2)], [expected("5.00")])
    ]
    assert codes == ["SHORT", "MATCHED"]


def test_money_that_names_its_list_comes_before_money_that_only_fits() -> None:
    matches = {
        m.receipt_id: m.reasons[0].code for m in match_all([receipt("5.00"), receipt("5.00", "HJ0100000001", number=2)], [expected("5.00")])
    }
    assert matches[2] == "MATCHED" and matches[1] != "MATCHED"


def test_short_words_and_amounts_are_no_references() -> None:
    assert references_in("8月 公积金 1000元") == []
