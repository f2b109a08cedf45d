"""Tables of the work plan."""

from hpf.workplan.models.ledger_file import LedgerFile, LedgerImport
from hpf.workplan.models.plan import Clause, Edition, Plan, Sentence, Task, TaskSource
from hpf.workplan.models.progress import Assignment, DeadlineMove, Event, Evidence, Measure, Occurrence, SectionMember
from hpf.workplan.models.reading import Notice, Reading

__all__ = [
    "Assignment",
    "Clause",
    "DeadlineMove",
    "Edition",
    "Event",
    "Evidence",
    "LedgerFile",
    "LedgerImport",
    "Measure",
    "Notice",
    "Occurrence",
    "Plan",
    "Reading",
    "SectionMember",
    "Sentence",
    "Task",
    "TaskSource",
]
