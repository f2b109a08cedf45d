"""Tables of contributions. Nothing here keeps a balance: money is in the ledger, these rows say what it was paid for."""

from hpf.contributions.models.base import BaseChange, BaseChangeLine
from hpf.contributions.models.deferral import Deferral, DeferredLine
from hpf.contributions.models.flexible import Agreement, Collection, CollectionLine, Grant, SubsidyProgram
from hpf.contributions.models.lapse import Lapse, LapseWatch
from hpf.contributions.models.refund import Refund, RefundLine
from hpf.contributions.models.remittance import Defect, Line, Original, Remittance
from hpf.contributions.models.urging import Urging, UrgingStep

__all__ = [
    "Agreement",
    "BaseChange",
    "BaseChangeLine",
    "Collection",
    "CollectionLine",
    "Defect",
    "Deferral",
    "DeferredLine",
    "Grant",
    "Lapse",
    "LapseWatch",
    "Line",
    "Original",
    "Refund",
    "RefundLine",
    "Remittance",
    "SubsidyProgram",
    "Urging",
    "UrgingStep",
]
