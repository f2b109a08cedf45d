"""转移接续的动作: apply, review, take and give, tell the platform and read its mail, follow the money, compare."""

from hpf.transfers.services.following import Compared, book_receipts, follow_payments, note_differences, reconcile
from hpf.transfers.services.giving import check_out, propose_out, record_payment
from hpf.transfers.services.letters import TO_TELL, LetterMoved
from hpf.transfers.services.mail import ItemTaken, read_mail, take_item
from hpf.transfers.services.taking import apply_in, book_in, cancel_in, review_in, settle_in
from hpf.transfers.services.telling import Heard, ask_all, tell_all

__all__ = [
    "TO_TELL",
    "Compared",
    "Heard",
    "ItemTaken",
    "LetterMoved",
    "apply_in",
    "ask_all",
    "book_in",
    "book_receipts",
    "cancel_in",
    "check_out",
    "follow_payments",
    "note_differences",
    "propose_out",
    "read_mail",
    "reconcile",
    "record_payment",
    "review_in",
    "settle_in",
    "take_item",
    "tell_all",
]
