"""收文: by message, served at once; at the counter, entered by one person and served when another has checked it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hpf.db.command import command, step
from hpf.freezes.models import CourtOrder, Document
from hpf.freezes.rules.orders import DocumentKind, OrderState, Result
from hpf.freezes.rules.papers import Answer, Paper, failed
from hpf.freezes.services.answering import TO_SEND
from hpf.freezes.services.freezing import Occasion
from hpf.freezes.services.numbers import ORDER, take_number
from hpf.freezes.services.serving import check, serve
from hpf.kernel.actor import Actor
from hpf.kernel.codec import from_plain, to_plain
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.ledger import queries as ledger
from hpf.outbox import services as outbox
from hpf.policy import queries as policy

DOCUMENT_BYTES_MAX = 5_000_000


@dataclass(frozen=True, slots=True)
class NewDocument:
    """An attachment as it came."""

    kind: DocumentKind
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """What became of a paper: its number here, the code of the result, the reasons. Nothing of the person: it stays in the command log."""

    order_no: str
    state: OrderState
    result: Result
    reason_codes: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return Outcome.REFUSED if self.result is Result.FAILED else Outcome.APPROVED


@command("api.court")
def serve_message(
    *, by: Actor, centre_id: int, request_no: str, paper: Paper, documents: tuple[NewDocument, ...], client_no: str, key: str, at: datetime
) -> Served:
    """线上文书: kept, done and answered in one transaction; the answer is also sent to the court's platform (outbox).

    Locks    what `serve` locks
    Again    the same request with the same content gives the first answer and does nothing; with other content KeyConflict
    """
    on = ledger.business_day(centre_id)
    kinds = tuple(document.kind for document in documents)
    too_large = _too_large(documents)
    order = _keep(paper, documents if not too_large else (), "MESSAGE", request_no, client_no, centre_id, by.user_id, at)
    if too_large:
        order.state, order.result, order.answered_at = OrderState.ANSWERED, Result.FAILED, at
        answer: Answer = failed(too_large)
        order.answer = json.dumps(to_plain(answer), ensure_ascii=False)
        order.save()
    else:
        answer = serve(order, paper, kinds, Occasion(order, on, at, by.user_id))
    outbox.enqueue(centre_id, TO_SEND, f"answer:{order.order_no}", {"order_no": order.order_no})
    return _served(order, answer)


@command("freezes.enter")
def enter_order(*, by: Actor, centre_id: int, paper: Paper, documents: tuple[NewDocument, ...], key: str, at: datetime) -> Decision[Served]:
    """柜面文书录入: kept with its scans; nothing is done before a second person has checked it.

    Refuses  what the paper lacks: it is said to the officers at the counter, and nothing is kept
    """
    reasons = check(paper, [document.kind for document in documents]) + _too_large(documents)
    if reasons:
        return Decision.refused(reasons)
    order = _keep(paper, documents, "COUNTER", "", "", centre_id, by.user_id, at)
    return Decision.approved(Served(order.order_no, OrderState.ENTERED, Result.ENTERED))


@command("freezes.check")
def pass_order(*, by: Actor, centre_id: int, order_no: str, key: str, at: datetime) -> Decision[Served]:
    """复核通过 by another person: the paper is served now, and its place in the queue is of now.

    Locks    the paper, then what `serve` locks
    Refuses  NO_SUCH_COURT_ORDER, COURT_ORDER_SETTLED, ENTERED_BY_YOU; a paper that cannot be served is answered with its reasons
    """
    found = _waiting(centre_id, order_no, by)
    if found.value is None:
        return Decision.refused(found.reasons)
    order = found.value
    order.checker = by.user_id
    documents = Document.objects.filter(centre_id=centre_id, order=order).values_list("kind", flat=True)
    answer = serve(
        order, paper_of(order), [DocumentKind(kind) for kind in documents], Occasion(order, ledger.business_day(centre_id), at, by.user_id)
    )
    return Decision.approved(_served(order, answer), answer.reasons)


@command("freezes.check")
def return_order(*, by: Actor, centre_id: int, order_no: str, opinion: str, key: str, at: datetime) -> Decision[Served]:
    """复核退回, with the reason: nothing was done; the paper is entered anew when it is right."""
    found = _waiting(centre_id, order_no, by)
    if found.value is None:
        return Decision.refused(found.reasons)
    if not opinion.strip():
        return Decision.refused([Reason("OPINION_MISSING", "退回须写明原因，请填写后重新提交", "查控规程/双人办理")])
    order = found.value
    order.state, order.checker, order.opinion, order.answered_at = OrderState.RETURNED, by.user_id, opinion.strip()[:300], at
    order.save(update_fields=["state", "checker", "opinion", "answered_at"])
    return Decision.approved(Served(order_no, OrderState.RETURNED, Result.ENTERED))


def paper_of(order: CourtOrder) -> Paper:
    paper: Paper = from_plain(Paper, json.loads(order.paper))
    return paper


def _waiting(centre_id: int, order_no: str, by: Actor) -> Decision[CourtOrder]:
    order = CourtOrder.objects.select_for_update().filter(centre_id=centre_id, order_no=order_no).first()
    law = "查控规程/双人办理"
    if order is None:
        return Decision.refused([Reason("NO_SUCH_COURT_ORDER", f"本中心没有查控文书{order_no}，请核对编号", law)])
    if order.state != OrderState.ENTERED:
        label = OrderState(order.state).label
        return Decision.refused([Reason("COURT_ORDER_SETTLED", f"查控文书{order_no}{label}，无需再次复核，请刷新页面", law)])
    if order.maker == by.user_id:
        return Decision.refused([Reason("ENTERED_BY_YOU", f"查控文书{order_no}由您本人录入，不得自行复核，请交另一名查控人员", law)])
    return Decision.approved(order)


@step
def _keep(
    paper: Paper, documents: Sequence[NewDocument], channel: str, request_no: str, client_no: str, centre_id: int, maker: str, at: datetime
) -> CourtOrder:
    on = ledger.business_day(centre_id)
    order_no = take_number(ORDER, centre_id, on)
    hours = policy.book(centre_id, on).whole("court.answer_hours")
    order = CourtOrder.objects.create(
        centre_id=centre_id, order_no=order_no, channel=channel, client_no=client_no, request_no=request_no or order_no, action=paper.action,
        state=OrderState.ENTERED, paper=json.dumps(to_plain(paper), ensure_ascii=False),
        received_on=on, received_at=at, due_at=at + timedelta(hours=hours), maker=maker,
    )  # fmt: skip
    Document.objects.bulk_create(
        Document(
            centre_id=centre_id, order=order, kind=document.kind, filename=document.filename, sha256=hashlib.sha256(document.content).hexdigest(),
            size_bytes=len(document.content), content=base64.b64encode(document.content).decode(),
        )
        for document in documents
    )  # fmt: skip
    return order


def _too_large(documents: Sequence[NewDocument]) -> list[Reason]:
    size = max((len(document.content) for document in documents), default=0)
    if size <= DOCUMENT_BYTES_MAX:
        return []
    message = f"附件有{size / 1_000_000:.1f}兆，超过{DOCUMENT_BYTES_MAX // 1_000_000}兆，未办理，请压缩后重新发送"
    return [Reason("PAPER_TOO_LARGE", message, "查控规程/核验文书")]


def _served(order: CourtOrder, answer: Answer) -> Served:
    return Served(order.order_no, OrderState(order.state), answer.result, tuple(reason.code for reason in answer.reasons))
