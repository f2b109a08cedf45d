"""一人一户: openings one by one, in bulk, twice, at once, and across centres."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from hpf.kernel.decision import Outcome
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.support.people import AT, ON, Fund, fresh, resident_id


@pytest.fixture(scope="module")
def lanzhou(database):
    return Fund(1)


def codes(line):
    return [reason.code for reason in line.reasons]


def count(table, **where):
    from django.db import connections

    condition = " AND ".join(f"{name} = %s" for name in where) or "true"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", list(where.values()))
        return cursor.fetchone()[0]


def test_a_teacher_gets_one_account_with_both_halves_of_the_month(lanzhou):
    school = lanzhou.unit("兰州市第一中学", rate="12")
    view = lanzhou.view(lanzhou.member(school, "张三", resident_id(1), "5000.01"))
    assert (view.state, view.base, view.employer_month, view.member_month) == (
        "NORMAL", Money.yuan("5000.01"), Money.yuan("600.00"), Money.yuan("600.00"),
    )  # fmt: skip
    assert (view.first_month, view.opened_on) == (Month(2026, 7), ON)
    assert lanzhou.money(view.account_no).balance == Money(0)
    with lanzhou.scope():
        from hpf.accounts import queries

        assert queries.employer_account(1, school).state == "NORMAL"
        assert queries.base_history(1, view.member_account_id)[0].reason == "OPENED"
        assert [event.label for event in queries.member_events(1, [view.member_account_id])] == ["个人开户"]


@pytest.mark.parametrize(
    ("base", "effective", "month", "note"),
    [
        ("1000.00", "2200.00", "264.00", ["BASE_RAISED_TO_FLOOR"]),
        ("2200.00", "2200.00", "264.00", []),
        ("30090.75", "30090.75", "3611.00", []),
        ("99999.00", "30090.75", "3611.00", ["BASE_LOWERED_TO_CAP"]),
    ],
)
def test_a_base_outside_the_limits_is_moved_to_the_limit_and_the_declared_one_is_kept(lanzhou, base, effective, month, note):
    unit = lanzhou.unit("兰州上限测量有限公司")
    person = lanzhou.new_member("王五", resident_id(int(base[:2]) + 100, "19800101"), base)
    (line,) = lanzhou.ask(unit, person)
    view = lanzhou.view(line.account_no)
    assert (view.declared_base, view.base, view.member_month) == (Money.yuan(base), Money.yuan(effective), Money.yuan(month))
    assert codes(line) == note


def test_the_same_person_asks_again_and_is_told_what_to_do_instead(lanzhou):
    school, clinic = lanzhou.unit("兰州市第二中学"), lanzhou.unit("兰州市第二医院")
    account_no = lanzhou.member(school, "李四", resident_id(3))
    before = count("accounts_memberaccount"), count("ledger_account")
    (again,) = lanzhou.ask(school, lanzhou.new_member("李四", resident_id(3)))
    (elsewhere,) = lanzhou.ask(clinic, lanzhou.new_member("李四", resident_id(3)))
    assert codes(again) == ["OPENED_ALREADY"]
    assert codes(elsewhere) == ["ACCOUNT_AT_ANOTHER_EMPLOYER"]
    assert f"在“兰州市第二中学”有正常账户{account_no}，一人一户，请办理内部转移" in elsewhere.reasons[0].message
    assert (count("accounts_memberaccount"), count("ledger_account")) == before


def test_fifteen_digits_are_the_same_person(lanzhou):
    unit = lanzhou.unit("兰州市第三中学")
    lanzhou.member(unit, "赵六", resident_id(5, "19600101"))
    (line,) = lanzhou.ask(unit, lanzhou.new_member("赵六", "620102600101005"))
    assert codes(line) == ["OPENED_ALREADY"]


def test_a_number_under_another_name_is_refused_without_showing_the_name(lanzhou):
    unit = lanzhou.unit("兰州市第四中学")
    lanzhou.member(unit, "钱七七", resident_id(7))
    (line,) = lanzhou.ask(unit, lanzhou.new_member("孙八", resident_id(7)))
    assert codes(line) == ["ID_OF_ANOTHER_NAME"]
    assert "“钱*七”" in line.reasons[0].message


def test_the_new_card_of_a_foreigner_suggests_the_account_of_the_old_one(lanzhou):
    unit = lanzhou.unit("兰州外语学校")
    old = lanzhou.new_member("John Smith", "USA620085010101", kind="FOREIGN_PR_CARD_OLD", born_on=date(1985, 1, 1), sex="M")
    (first,) = lanzhou.ask(unit, old)
    new = "96284019850101001X"
    (asked,) = lanzhou.ask(unit, lanzhou.new_member("John Smith", new, kind="FOREIGN_PR_CARD"))
    assert (asked.outcome, codes(asked)) == (Outcome.REFERRED, ["SAME_PERSON_SUSPECTED"])
    assert first.account_no in asked.reasons[0].message
    (confirmed,) = lanzhou.ask(unit, lanzhou.new_member("John Smith", new, kind="FOREIGN_PR_CARD", another_person=True))
    assert confirmed.outcome is Outcome.APPROVED


def test_an_account_in_another_centre_is_noticed_and_named(lanzhou):
    tianshui = Fund(5, "620502")
    number = resident_id(9, "19750615")
    tianshui.member(tianshui.unit("天水市第一中学", rate="10"), "周九", number)
    (line,) = lanzhou.ask(lanzhou.unit("兰州市第五中学"), lanzhou.new_member("周九", number))
    assert (line.outcome, codes(line)) == (Outcome.APPROVED, ["ACCOUNT_ELSEWHERE"])
    assert "在天水另有未销账户" in line.reasons[0].message


def test_a_list_opens_the_good_lines_and_says_why_for_the_others(lanzhou):
    unit = lanzhou.unit("兰州市第六中学")
    good, wrong = resident_id(11), "620102199003070019"
    lines = lanzhou.ask(
        unit,
        lanzhou.new_member("吴一", good),
        lanzhou.new_member("郑二", wrong),
        lanzhou.new_member("吴一", good),
        lanzhou.new_member("冯三", resident_id(15), "0.00"),
        lanzhou.new_member("陈3", resident_id(17)),
    )
    assert [codes(line) for line in lines] == [[], ["ID_WRONG"], ["DOUBLED_IN_LIST"], ["BASE_NOT_POSITIVE"], ["NAME_CHARACTERS"]]
    with lanzhou.scope():
        from hpf.accounts import queries

        account = queries.employer_account(1, unit)
        assert [line.name for line in queries.roster(1, account.employer_account_id)] == ["吴一"]


def test_a_list_of_three_hundred_takes_as_many_statements_as_a_list_of_three(lanzhou, queries):
    unit = lanzhou.unit("兰州大厂有限公司")
    sent = []
    for base, size in ((200, 3), (300, 300)):
        people = [lanzhou.new_member("工友", resident_id(n % 999 + 1, f"19{70 + n // 50}0{n % 9 + 1}11")) for n in range(base, base + size)]
        queries.clear()
        lines = lanzhou.ask(unit, *people)
        sent.append(len(queries))
        assert sum(line.outcome is Outcome.APPROVED for line in lines) == size
    assert sent == [18, 17]


def test_a_roster_takes_two_queries(lanzhou, queries):
    from hpf.accounts import queries as accounts

    with lanzhou.scope():
        account = accounts.employer_account(1, lanzhou.unit("兰州花名册有限公司"))
    unit = account.account_no
    lanzhou.ask(unit, *[lanzhou.new_member("职工", resident_id(n, "19650505")) for n in range(1, 40)])
    with lanzhou.scope():
        queries.clear()
        lines = accounts.roster(1, account.employer_account_id, Month(2026, 8))
        assert (len(lines), len(queries)) == (39, 2)
        assert accounts.member_counts(1, [account.employer_account_id])[account.employer_account_id].normal == 39


def test_a_page_of_a_roster_is_found_sorted_and_summed_by_the_database(lanzhou, queries):
    from hpf.accounts import queries as accounts

    with lanzhou.scope():
        account = accounts.employer_account(1, lanzhou.unit("兰州分页有限公司", rate="12"))
    people = [("张三", "5000.00"), ("李四", "7000.00"), ("王五", "6000.00"), ("张六", "9000.00")]
    lines = lanzhou.ask(
        account.account_no,
        *[lanzhou.new_member(name, resident_id(n, "19660606"), base) for n, (name, base) in enumerate(people, 1)],
    )

    def names(**given):
        with lanzhou.scope():
            page = accounts.roster_page(1, account.employer_account_id, **given)
        return [line.name for line in page.lines], page.total, page.employer_month.text, page.member_month.text

    queries.clear()
    assert names(limit=3) == (["张三", "李四", "王五"], 4, "3,240.00", "3,240.00")
    assert len(queries) == 5
    assert names(limit=3, offset=3) == (["张六"], 4, "3,240.00", "3,240.00")
    assert names(sort="-base")[0] == ["张六", "李四", "王五", "张三"]
    assert names(sort="name")[0] == ["李四", "王五", "张六", "张三"]
    assert names(sort="-account_no")[0] == ["张六", "王五", "李四", "张三"]
    assert names(sort="; DROP TABLE x")[0] == ["张三", "李四", "王五", "张六"]
    assert names(text="张") == (["张三", "张六"], 2, "1,680.00", "1,680.00")
    assert names(text="zhangs")[0] == ["张三"]
    assert names(text=lines[1].account_no)[0] == ["李四"]
    assert names(state="SEALED") == ([], 0, "0.00", "0.00")


def test_the_same_command_sent_twice_opens_once(lanzhou):
    from hpf.accounts.services import open_member_account

    unit, key = lanzhou.unit("兰州市第七中学"), fresh()
    member = lanzhou.new_member("褚四", resident_id(21))
    given = {"by": lanzhou.by, "centre_id": 1, "employer_account_no": unit, "member": member, "on": ON, "at": AT, "key": key}
    first, second = open_member_account(**given), open_member_account(**given)
    assert first == second
    assert first.is_approved


def test_two_clerks_open_the_same_person_at_once_and_one_account_exists(lanzhou):
    from django.db import connection

    units = [lanzhou.unit("兰州市第八中学"), lanzhou.unit("兰州市第九中学")]
    number, answers, start = resident_id(23), [], threading.Barrier(2)

    def clerk(unit):
        start.wait()
        try:
            answers.extend(lanzhou.ask(unit, lanzhou.new_member("卫五", number)))
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(unit,)) for unit in units]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answer.outcome for answer in answers) == [Outcome.APPROVED, Outcome.REFUSED]
    opened = next(answer for answer in answers if answer.account_no)
    assert count("accounts_memberaccount", person_id=opened.person_id) == 1
    assert count("ledger_account", owner_kind="MEMBER_ACCOUNT", owner_id=opened.member_account_id) == 1


def test_the_database_itself_refuses_a_second_open_account(lanzhou):
    from django.db import IntegrityError, connection, transaction

    first = lanzhou.view(lanzhou.member(lanzhou.unit("兰州市第十中学"), "蒋六", resident_id(25)))
    with (
        lanzhou.scope(),
        pytest.raises(IntegrityError, match="accounts_one_of_a_person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO accounts_memberaccount SELECT (m).* FROM (SELECT m FROM (SELECT (jsonb_populate_record(m, jsonb_build_object("
            "'id', 99999999, 'account_no', 'x', 'ledger_account_id', NULL))).* FROM accounts_memberaccount m WHERE id = %s) m) x",
            [first.member_account_id],
        )


def test_a_late_unit_and_a_late_hire_are_reminded(lanzhou):
    from hpf.accounts.services import open_employer_account
    from hpf.parties.services import NewEmployer, register_employer
    from tests.support.people import uscc

    new = NewEmployer(name="迟到有限公司", uscc=uscc(777), district="620102", established_on=date(2026, 5, 1), payday=5)
    unit = register_employer(by=lanzhou.by, centre_id=1, employer=new, on=date(2026, 7, 1), key=fresh())
    opened = open_employer_account(
        by=lanzhou.by, centre_id=1, employer_id=unit.value.employer_id, employer_rate=Rate.of("5"), member_rate=Rate.of("5"),
        first_month=Month(2026, 7), on=date(2026, 8, 3), at=AT, key=fresh(),
    )  # fmt: skip
    assert [reason.message for reason in opened.reasons] == [
        "单位设立于2026-05-01，登记于2026-07-01，超过30日期限31日",
        "单位登记于2026-07-01，开户于2026-08-03，超过20日期限13日",
    ]


@pytest.mark.parametrize(("rate", "code"), [("4.99", "RATE_BELOW_MINIMUM"), ("12.01", "RATE_ABOVE_MAXIMUM")])
def test_a_rate_outside_the_band_opens_nothing(lanzhou, rate, code):
    from hpf.accounts.services import open_employer_account
    from hpf.parties.services import NewEmployer, register_employer
    from tests.support.people import uscc

    new = NewEmployer(name="比例有限公司", uscc=uscc(int(rate[:1]) + 800), district="620102", established_on=ON, payday=5)
    unit = register_employer(by=lanzhou.by, centre_id=1, employer=new, on=ON, key=fresh())
    before = count("accounts_employeraccount")
    opened = open_employer_account(
        by=lanzhou.by, centre_id=1, employer_id=unit.value.employer_id, employer_rate=Rate.of(rate), member_rate=Rate.of("5"),
        first_month=Month(2026, 7), on=ON, at=AT, key=fresh(),
    )  # fmt: skip
    assert [reason.code for reason in opened.reasons] == [code]
    assert count("accounts_employeraccount") == before
