"""提取申请 决定 核实 经过 凭证使用 租房提取计划."""

from hpf.withdrawals.models.applications import Application, Decision, Event, EvidenceUse, Statement
from hpf.withdrawals.models.rent_plan import RentPlan

__all__ = ["Application", "Decision", "Event", "EvidenceUse", "RentPlan", "Statement"]
