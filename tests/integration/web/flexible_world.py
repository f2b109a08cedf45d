"""灵活就业的人、协议、补贴项目 beside the two units, and the bank's answers to debits."""

from __future__ import annotations

from typing import Any

from tests.support.people import fresh, resident_id

CARD = "6217001820001234567"
BANK = "105100000017"
PEOPLE = ("王灵活", "李灵活", "赵灵活", "周灵活")


class Flexible:
    """A pool with people of it, agreements signed for all but the last."""

    def __init__(self, world: Any) -> None:
        from hpf.access import queries, services
        from hpf.access.services.appointments import NewUser
        from hpf.kernel.actor import Actor
        from hpf.kernel.rate import Rate
        from hpf.parties import queries as parties
        from tests.integration.web.conftest import LANZHOU, PASSWORD
        from tests.support.people import AT

        self.world, self.centre = world, world.centre
        self.pool = self.centre.unit("兰州灵活就业归集专户", kind="FLEXIBLE", rate="10", first_month="2026-08")
        new = [self.centre.new_member(name, resident_id(800 + n), "5000.00", rate=Rate.of("10")) for n, name in enumerate(PEOPLE)]
        lines = self.centre.ask(self.pool, *new)
        self.accounts = [line.account_no for line in lines]
        assert all(self.accounts), [line.reasons for line in lines]
        self.signed = [self.sign(account_no, name) for account_no, name in zip(self.accounts[:-1], PEOPLE, strict=False)]
        with self.centre.scope():
            identity = parties.full_identity(self.centre.view(self.accounts[0]).person_id)
        self.login = queries.member_login(identity.id_number)
        users = (NewUser(self.login, identity.name, "MEMBER", "MEMBER", person_id=self.centre.view(self.accounts[0]).person_id),)
        services.register_users(by=Actor.system(LANZHOU), centre_id=LANZHOU, users=users, password=PASSWORD, at=AT, key=fresh("users"))

    def sign(self, account_no: str, name: str, **more: Any) -> str:
        from hpf.kernel.period import Month

        given = {
            "account_no": account_no, "frequency": "MONTHLY", "payer_name": name, "card": CARD, "bank_code": BANK, "first_month": Month(2026, 8),
            "signed_on": self.centre.on,
        }  # fmt: skip
        return str(self.centre.call("sign_agreement", **{**given, **more}).value.agreement_no)

    def view(self, agreement_no: str) -> Any:
        return self.centre.ask_for("agreement", agreement_no)

    def bank_answers(self, collection_no: str, failed: dict[int, str]) -> None:
        """The bank debits every card but those of `failed` (line number: reason)."""
        from hpf.treasury.gateways.settlement import LineResult
        from hpf.treasury.rules.payments import Result, Told
        from hpf.treasury.services import begin_collecting, record_collection_result

        batch = self.centre.ask_for("collection", collection_no)
        common = {
            "by": self.centre.by,
            "centre_id": self.centre.centre_id,
            "collection_no": batch.treasury_no,
            "business_on": self.centre.on,
        }
        begun = begin_collecting(**common, key=fresh())
        lines = tuple(LineResult(n, n not in failed, failed.get(n, "")) for n in range(1, batch.line_count + 1))
        told = Result(Told.DONE, bank_reference=fresh("BK"), bank_on=self.centre.on)
        record_collection_result(**common, send_seq_no=begun.send_seq_no, lines=lines, result=told, key=fresh())

    def program(self, name: str = "灵活就业缴存补贴") -> str:
        return str(
            self.centre.call(
                "open_subsidy_program", name=name, document_no="兰财社〔2026〕8号", business_on=self.centre.on
            ).value.program_no
        )

    def funded(self, yuan: str = "1000.00") -> str:
        program_no = self.program()
        receipt_no = self.centre.pay_in(yuan, "财政补贴", match=False)
        self.centre.call("fund_subsidy", program_no=program_no, receipt_no=receipt_no, business_on=self.centre.on)
        return program_no
