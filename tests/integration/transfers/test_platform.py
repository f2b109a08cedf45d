"""平台不应答、答错、答两遍: a message is told once, a delivery taken once, and the daily comparison finds what is left over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hpf.kernel.money import Money
from tests.support.days import at
from tests.support.people import resident_id
from tests.support.transfers import OURS, XIAN

ZHANG = resident_id(11)


@pytest.fixture
def zhang(tianshui):
    unit = tianshui.unit("天水市第一中学", rate="12", first_month="2026-08")
    account = tianshui.member(unit, "张三", ZHANG)
    tianshui.national.control.member(XIAN, "张三", ZHANG, 100_00, 0)
    return account


def sent(tianshui, transfer_no):
    from hpf.transfers import queries

    with tianshui.scope():
        return [(each.state.code, each.sending) for each in queries.dispatches(5, transfer_no)]


@pytest.mark.parametrize("fault", ["cut_after", "cut_middle", "bad_signature"])
def test_accepted_but_not_answered_is_asked_about_and_never_told_again(tianshui, zhang, fault):
    tianshui.national.control.faults(**{fault: {"next": 1, "codes": ["901"]}})
    transfer_no = tianshui.applied(zhang)
    given = {"by": tianshui.by, "centre_id": 5, "platform": tianshui.platform, "business_on": tianshui.day, "at": at(tianshui.day)}
    from hpf.transfers import services

    assert services.tell_all(**given).open == 1
    assert sent(tianshui, transfer_no) == [("01", "SENT")]
    services.tell_all(**given | {"at": at(tianshui.day) + timedelta(hours=5)})
    assert sent(tianshui, transfer_no) == [("01", "SENT")]
    assert services.ask_all(**given).done == 1
    assert sent(tianshui, transfer_no) == [("01", "DONE")]


def test_what_never_arrived_is_told_anew_the_next_day_under_another_number(tianshui, zhang):
    from hpf.transfers.models import Dispatch

    tianshui.national.control.faults(cut_before={"next": 1, "codes": ["901"]})
    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    assert sent(tianshui, transfer_no) == [("01", "SENT")], "it may still be on its way today"
    tianshui.next_day()
    tianshui.exchange()
    assert sent(tianshui, transfer_no) == [("01", "FAILED"), ("01", "READY")]
    tianshui.exchange()
    assert sent(tianshui, transfer_no) == [("01", "FAILED"), ("01", "DONE")]
    with tianshui.scope():
        assert len(set(Dispatch.objects.values_list("send_seq_no", flat=True))) == 2


def test_a_platform_that_is_away_holds_nothing_up(tianshui, zhang):
    from hpf.transfers.gateways.national import PlatformUnavailable

    transfer_no = tianshui.applied(zhang)
    tianshui.national.kill()
    with pytest.raises(PlatformUnavailable, match="转移接续平台"):
        tianshui.exchange()
    assert sent(tianshui, transfer_no) == [("01", "READY")]
    with pytest.raises(PlatformUnavailable):
        tianshui.reconcile()


def test_a_slow_answer_is_unknown_and_found_out_later(tianshui, zhang):
    tianshui.national.control.faults(slow={"next": 1, "seconds": 3, "codes": ["901"]})
    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    tianshui.exchange()
    assert sent(tianshui, transfer_no) == [("01", "DONE")]


def test_a_crash_between_taking_and_confirming_brings_the_delivery_again_and_changes_nothing(tianshui, zhang, monkeypatch):
    from hpf.transfers.services import read_mail

    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    tianshui.next_day()

    def die(*_):
        raise KeyboardInterrupt

    given = {"by": tianshui.by, "centre_id": 5, "platform": tianshui.platform, "business_on": tianshui.day, "at": at(tianshui.day)}
    with monkeypatch.context() as broken:
        broken.setattr(type(tianshui.platform), "taken", die)
        with pytest.raises(KeyboardInterrupt):
            read_mail(**given)
    assert tianshui.letter(transfer_no).state.code == "02"
    assert [each.outcome for each in read_mail(**given)] == ["TAKEN"], "the same day the stored answer"
    assert read_mail(**given) == []
    assert [step.state.code for step in steps(tianshui, transfer_no)] == ["", "01", "02"]


def steps(tianshui, transfer_no):
    from hpf.transfers import queries

    with tianshui.scope():
        return queries.steps(5, transfer_no)


def test_an_unreadable_delivery_does_not_stop_those_behind_it(tianshui, zhang):
    from hpf.transfers.models import Received

    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    stranger = tianshui.national.control.write(XIAN, OURS, name="李四", id_number=resident_id(12))
    tianshui.next_day()
    tianshui.national.control.faults(unreadable={"next": 1})
    tianshui.exchange()
    assert tianshui.letter(transfer_no).state.code == "02"
    with tianshui.scope():
        outcomes = list(Received.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes[0].startswith("UNFIT 平台来文要素不全") and outcomes[1] == "TAKEN"
    assert stranger not in [each.letter_no for each in tianshui.letters()]


def test_the_comparison_names_every_difference(tianshui, zhang):
    from hpf.transfers.models import Letter

    transfer_no = tianshui.applied(zhang)
    ours = tianshui.letter(transfer_no).letter_no
    assert tianshui.reconcile().differences == (f"联系函{ours}本中心为“联系函复核通过”，平台没有登记，请核对是否已发送",)
    tianshui.exchange()
    assert tianshui.reconcile().differences == ()
    theirs = tianshui.national.control.write(XIAN, OURS, name="李四", id_number=resident_id(12))
    assert tianshui.reconcile().differences == (f"联系函{theirs}平台为“联系函复核通过”，本中心没有登记，请向平台核实",)
    tianshui.live(5)
    assert tianshui.reconcile().differences == ()
    with tianshui.scope():
        Letter.objects.filter(letter_no=ours).update(amount_fen=Money(99_00), principal_fen=Money(99_00))
    assert tianshui.reconcile().differences == (f"联系函{ours}转移金额本中心99.00元，平台100.00元，请与对方中心核对",)
    with tianshui.scope():
        from hpf.transfers import queries

        kept = queries.comparison(5, tianshui.day)
    assert kept.differences == (f"联系函{ours}转移金额本中心99.00元，平台100.00元，请与对方中心核对",)


def test_the_worker_exchanges_by_the_settings_address(tianshui, zhang, settings_of_platform):
    from hpf.jobs import transferring

    transfer_no = tianshui.applied(zhang)
    assert transferring.exchange(5, tianshui.day, at(tianshui.day)).told == 1
    tianshui.next_day()
    assert transferring.centres_with_mail() == {5}
    assert transferring.exchange(5, tianshui.day, at(tianshui.day)).taken == 1
    assert tianshui.letter(transfer_no).state.code == "02"
    assert transferring.centres_with_mail() == set()
    tianshui.national.kill()
    transferring.compare(5, tianshui.day, at(tianshui.day))
    assert "未应答" in transferring.exchange(5, tianshui.day, at(tianshui.day)).trouble


@pytest.fixture
def settings_of_platform(tianshui, monkeypatch):
    from django.conf import settings

    from tests.integration.transfers.conftest import KEY

    monkeypatch.setattr(settings, "HPF_NATIONAL_URL", tianshui.national.url)
    monkeypatch.setattr(settings, "HPF_NATIONAL_KEY", KEY)


def test_two_clerks_check_the_same_letter_and_one_payment_is_ordered(tianshui):
    import threading

    from django.db import connections

    from hpf.kernel.actor import Actor
    from hpf.treasury.models import Payment
    from tests.integration.transfers.test_leaving import suspense_to

    unit = tianshui.unit("天水市第一中学", rate="12", first_month="2026-07")
    account = tianshui.member(unit, "张三", ZHANG)
    tianshui.bank.control.pay("62000001", "27010000000005", 10_000_00, "缴款", "天水市第一中学")
    tianshui.exchange()
    suspense_to(tianshui, account)
    tianshui.seal(account)
    tianshui.next_day(120)
    transfer_no = tianshui.asked_from_xian("张三", ZHANG, account)
    assert tianshui.propose(transfer_no).is_approved
    answers = []

    def check(who):
        try:
            answers.append(tianshui.check(transfer_no, by=Actor(who, who, frozenset({5}), frozenset({"*"}))))
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=check, args=(f"复核{number}",)) for number in range(8)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(answer.is_approved for answer in answers) == [False] * 7 + [True]
    with tianshui.scope():
        assert Payment.objects.count() == 1
    assert tianshui.money(account).balance.text == "0.00"
