"""提取申请 决定 核实 经过 凭证使用 继承人 首付款追回 租房提取计划 约定提取."""

from hpf.withdrawals.models.agreements import Agreement, Instalment
from hpf.withdrawals.models.applications import Application, Decision, Event, EvidenceUse, Statement
from hpf.withdrawals.models.claims import Claim
from hpf.withdrawals.models.estates import Heir
from hpf.withdrawals.models.rent_plan import RentPlan

__all__ = ["Agreement", "Application", "Claim", "Decision", "Event", "EvidenceUse", "Heir", "Instalment", "RentPlan", "Statement"]
