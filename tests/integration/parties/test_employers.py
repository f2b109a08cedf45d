"""单位登记与变更."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.people import AT, ON, Fund, fresh, resident_id, uscc


@pytest.fixture(scope="module")
def lanzhou(database):
    return Fund(1)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def register(fund, name="兰州登记有限公司", code=None, **given):
    from hpf.parties.services import NewEmployer, register_employer

    fields = {"district": "620102", "established_on": date(2026, 7, 20), "payday": 10, **given}
    new = NewEmployer(name=name, uscc=uscc(next(_codes)) if code is None else code, **fields)
    return register_employer(by=fund.by, centre_id=fund.centre_id, employer=new, on=ON, key=fresh())


_codes = iter(range(5000, 6000))


def test_a_unit_gets_a_number_that_shows_its_centre(lanzhou):
    from hpf.parties import queries
    from hpf.parties.rules import Series, is_number

    registered = register(lanzhou, "兰州市第一中学", operator_name="王五", operator_id=resident_id(1), operator_phone="13909310001")
    with lanzhou.scope():
        unit = queries.employer(1, registered.value.employer_id)
        assert queries.employer_by_no(1, registered.value.employer_no) == unit
    assert is_number(unit.employer_no, Series.EMPLOYER)
    assert unit.employer_no.startswith("013")
    assert (unit.name, unit.state, unit.operator_name, unit.operator_phone_masked) == (
        "兰州市第一中学",
        "REGISTERED",
        "王五",
        "139****0001",
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "91350100M000100Y44"}, "USCC_WRONG"),
        ({"name": "兰州"}, "NAME_WRONG"),
        ({"name": "测试有限公司"}, "NAME_WRONG"),
        ({"district": "620502"}, "DISTRICT_WRONG"),
        ({"payday": 32}, "PAYDAY_WRONG"),
        ({"established_on": date(2026, 8, 4)}, "ESTABLISHED_LATER"),
        ({"operator_name": "王五", "operator_phone": "1"}, "PHONE_WRONG"),
    ],
)
def test_a_wrong_form_registers_nothing(lanzhou, given, code):
    from hpf.parties import queries

    with lanzhou.scope():
        before = queries.employers(1).total
    assert codes(register(lanzhou, **given)) == [code]
    with lanzhou.scope():
        assert queries.employers(1).total == before


def test_one_code_registers_once_in_a_centre_and_again_in_another(lanzhou):
    from hpf.parties.services import deregister_employer

    code = uscc(4001)
    first = register(lanzhou, code=code)
    assert codes(register(lanzhou, code=code)) == ["EMPLOYER_REGISTERED"]
    assert register(Fund(5), code=code, district="620502").is_approved
    deregister_employer(by=lanzhou.by, centre_id=1, employer_id=first.value.employer_id, on=ON, key=fresh())
    assert register(lanzhou, code=code).is_approved


def test_the_old_code_is_taken_with_a_reminder(lanzhou):
    from hpf.parties import queries

    registered = register(lanzhou, code="D2143569-X")
    assert codes(registered) == ["CODE_OUTDATED"]
    with lanzhou.scope():
        assert queries.employer(1, registered.value.employer_id).uscc_outdated


def test_changes_and_a_new_operator_leave_their_history(lanzhou):
    from hpf.parties import queries
    from hpf.parties.services import EmployerChange, appoint_operator, change_employer

    unit = register(lanzhou, "兰州旧名有限公司", operator_name="王五", operator_phone="13909310001").value.employer_id
    given = {"by": lanzhou.by, "centre_id": 1, "employer_id": unit, "on": ON, "at": AT}
    assert change_employer(**given, change=EmployerChange(name="兰州新名有限公司", payday=15), reason="更名", key=fresh()).is_approved
    assert codes(change_employer(**given, change=EmployerChange(payday=0), reason="更正", key=fresh())) == ["PAYDAY_WRONG"]
    assert appoint_operator(**given, name="赵六", id_number=resident_id(3), phone="13809310002", key=fresh()).is_approved
    with lanzhou.scope():
        view = queries.employer(1, unit)
        lines = {(line.field, line.before, line.after) for line in queries.changes(1, "EMPLOYER", unit)}
    assert (view.name, view.payday, view.operator_name) == ("兰州新名有限公司", 15, "赵六")
    assert lines == {
        ("name", "兰州旧名有限公司", "兰州新名有限公司"), ("payday", "10", "15"), ("operator_name", "王五", "赵六"),
        ("operator_phone", "139****0001", "138****0002"),
    }  # fmt: skip


def test_a_list_of_units_is_found_filtered_sorted_and_paged(lanzhou, queries):
    from hpf.parties import queries as parties

    for name, district in (("兰州黄河甲厂", "620104"), ("兰州黄河乙厂", "620104"), ("兰州黄河丙厂", "620121")):
        register(lanzhou, name, district=district, nature="国有企业")
    with lanzhou.scope():
        assert parties.employers(1, text="黄河").total == 3
        assert [unit.name for unit in parties.employers(1, text="lzhhjc").rows] == ["兰州黄河甲厂"]
        assert parties.employers(1, text="黄河", district="620104").total == 2
        page = parties.employers(1, text="黄河", order="name", descending=True, limit=2)
        assert ([unit.name for unit in page.rows], page.total) == (["兰州黄河乙厂", "兰州黄河甲厂"], 3)
        queries.clear()
        everyone = parties.employers(1, limit=50)
        assert len(queries) == 2, "all are on the page and need not be counted"
        assert everyone.total == len(everyone.rows) < 50
        beyond = parties.employers(1, text="黄河", limit=2, offset=4)
        assert (beyond.rows, beyond.total) == ((), 3)
        assert parties.employers(1, nature="国有企业", limit=2, offset=2).rows[0].name == "兰州黄河丙厂"


def test_sixteen_centres_with_their_branches_and_no_invented_code(lanzhou):
    from hpf.parties import queries

    centres = queries.centres()
    assert [centre.centre_id for centre in centres] == list(range(1, 17))
    assert [centre.centre_id for centre in centres if centre.gb2260 is None] == [15, 16]
    assert {branch.district_name for branch in queries.branches(2)} == {"嘉峪关市"}
