"""营业日: what happens at the bank when a day passes: deposits earn, what was in process is finished, strangers pay."""

from __future__ import annotations

from datetime import date, timedelta

from demo.bank.business import Business

INTEREST_ENTRY = "INTEREST"
INTEREST_DAYS = {(3, 21), (6, 21), (9, 21), (12, 21)}
DEPOSIT_RATE_MILLIONTHS = "2000"


def advance_to(business: Business, day: date) -> dict[str, int]:
    """Live through every day up to this one. A day already reached is left alone."""
    book = business.book
    counts = {"days": 0, "finished": 0, "returned": 0, "interest": 0, "strangers": 0}
    with book.transaction():
        while book.business_on < day:
            book.write("UPDATE account SET day_products = day_products + balance_fen WHERE kind = 'FUND' AND balance_fen > 0")
            today = book.business_on + timedelta(days=1)
            book.set_fact("business_on", today.isoformat())
            counts["days"] += 1
            for instruction in book.rows("SELECT * FROM instruction WHERE due_on <= ? ORDER BY due_on, seq_no", today.isoformat()):
                business.finish(instruction)
                counts["finished"] += 1
            for instruction in book.rows("SELECT * FROM instruction WHERE return_on <= ? ORDER BY seq_no", today.isoformat()):
                business.give_back(instruction)
                counts["returned"] += 1
            counts["interest"] += _pay_interest(business, today)
            counts["strangers"] += _strangers(business, today)
    return counts


def _pay_interest(business: Business, today: date) -> int:
    """季末结息: on the 21st, day products at the deposit rate over 360, to the fen."""
    if (today.month, today.day) not in INTEREST_DAYS:
        return 0
    book, paid = business.book, 0
    rate = int(book.fact("deposit_rate_millionths", DEPOSIT_RATE_MILLIONTHS))
    for account in book.rows("SELECT * FROM account WHERE kind = 'FUND' AND day_products > 0 ORDER BY no"):
        interest = (2 * account["day_products"] * rate + 360_000_000) // 720_000_000
        book.write("UPDATE account SET day_products = 0 WHERE no = ?", account["no"])
        if interest:
            book.enter(account["no"], interest, counter_no="", counter_name="本行", summary="存款结息", kind=INTEREST_ENTRY)
            paid += 1
    return paid


def _strangers(business: Business, today: date) -> int:
    came = 0
    for account in business.book.rows("SELECT * FROM account WHERE kind = 'FUND' ORDER BY no"):
        if setting := business.faults.strikes("stranger", f"{account['no']}:{today}"):
            business.payers.stranger(account["no"], int(setting.get("amount_fen", 12_345)))
            came += 1
    return came
