"""提取申请 决定 核实 经过 凭证使用."""

from hpf.withdrawals.models.applications import Application, Decision, Event, EvidenceUse, Statement

__all__ = ["Application", "Decision", "Event", "EvidenceUse", "Statement"]
