"""The menu of each audience: only what the user may open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from hpf.web.middleware import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    icon: str
    address: str
    current: bool
    group: str = ""


_MENUS: dict[str, list[tuple[str, str, str, str, str]]] = {
    "STAFF": [
        ("", "工作台", "home", "counter_home", "page.counter"),
        ("", "复核队列", "checklist", "queue", "page.queue"),
        ("业务", "个人开户", "user-plus", "person_new", "accounts.open_member_account"),
        ("业务", "单位登记", "building-plus", "employer_new", "parties.register_employer"),
        ("业务", "缓缴降比审批", "gavel", "deferrals", "page.counter"),
        ("业务", "错缴退款", "arrow-back-up", "refunds", "page.counter"),
        ("业务", "欠缴催缴", "alert-circle", "watch", "page.counter"),
        ("业务", "集中封存", "archive", "custody", "page.counter"),
        ("业务", "提取审核", "file-check", "withdrawals", "page.counter"),
        ("业务", "退回与继承", "credit-card-refund", "payouts", "page.counter"),
        ("业务", "首付款追回", "receipt-refund", "deals", "withdrawals.claim"),
        ("业务", "约定提取", "calendar-repeat", "monthly", "page.counter"),
        ("业务", "异地转移", "transfer", "transfers", "page.counter"),
        ("业务", "灵活就业协议", "user-dollar", "agreements", "page.counter"),
        ("业务", "司法查控", "gavel", "court", "page.court"),
        ("资金", "灵活就业扣款", "credit-card", "debits", "page.counter"),
        ("资金", "缴存补贴", "gift", "subsidies", "page.counter"),
        ("资金", "暂收款", "inbox", "suspense", "page.suspense"),
        ("资金", "付款", "cash-banknote", "payments", "page.suspense"),
        ("资金", "日终", "calendar-check", "day", "page.day"),
        ("工作台账", "本周要办", "calendar-event", "workplan_week", "page.workplan"),
        ("工作台账", "台账墙", "layout-grid", "workplan_wall", "page.workplan"),
        ("工作台账", "要点文件", "file-text", "workplan_plans", "page.workplan"),
        ("参照", "政策参数", "book-2", "policy", "page.policy"),
        ("参照", "法规对照", "scale", "coverage", "page.policy"),
        ("管理", "租房提取计划", "target", "rent_plans", "withdrawals.set_rent_plan"),
        ("管理", "数据共享", "share", "sharing", "sharing.grant"),
        ("管理", "用户与岗位", "users", "users", "page.users"),
        ("管理", "审计日志", "shield-lock", "audit", "page.audit"),
    ],
    "EMPLOYER": [
        ("", "首页", "home", "employer_home", "page.employer"),
        ("汇缴", "提交缴存清册", "file-upload", "list_new", "page.employer"),
        ("汇缴", "清册与缴款", "list-details", "lists", "page.employer"),
        ("汇缴", "预缴", "wallet", "prepay", "page.employer"),
        ("人员", "职工名册", "users", "people", "page.employer"),
        ("人员", "新增职工", "user-plus", "people_open", "page.employer"),
        ("人员", "年度基数调整", "adjustments", "bases", "page.employer"),
        ("单位", "欠缴情况", "alert-circle", "arrears", "page.employer"),
        ("单位", "缓缴降比申请", "clock-pause", "deferral", "page.employer"),
        ("单位", "办理记录", "history", "employer_history", "page.employer"),
    ],
    "MEMBER": [
        ("", "首页", "home", "member_home", "page.member"),
        ("", "提取", "cash", "member_withdrawals", "page.member"),
        ("", "明细", "list", "member_entries", "page.member"),
        ("", "利息", "percentage", "member_interest", "page.member"),
        ("", "信息", "user", "member_me", "page.member"),
        ("", "授权", "shield-check", "member_consents", "page.member"),
        ("", "记录", "eye", "member_looks", "page.member"),
    ],
    "SUPERVISOR": [
        ("", "全省总览", "chart-bar", "supervisor_home", "page.supervisor"),
        ("", "缴存指标", "list-numbers", "indicators", "page.supervisor"),
        ("", "提取监管", "cash", "supervised_withdrawals", "page.supervisor"),
        ("", "租房提取计划", "target", "rent_plans", "withdrawals.set_rent_plan"),
        ("", "账务平衡", "scale-outline", "balances", "page.supervisor"),
        ("工作台账", "台账墙", "layout-grid", "workplan_wall", "page.workplan_province"),
        ("工作台账", "本周要办", "calendar-event", "workplan_week", "page.workplan_province"),
        ("工作台账", "要点文件", "file-text", "workplan_plans", "page.workplan_province"),
        ("工作台账", "排名与进度", "trending-up", "workplan_ranking", "page.workplan_province"),
        ("参照", "政策参数", "book-2", "policy", "page.policy"),
        ("参照", "法规对照", "scale", "coverage", "page.policy"),
    ],
}

HOMES = {"STAFF": "counter_home", "EMPLOYER": "employer_home", "MEMBER": "member_home", "SUPERVISOR": "supervisor_home"}

_ENTRANCES = {"STAFF": {"page.counter", "page.day"}, "SUPERVISOR": {"page.supervisor"}}
"""Which permissions open a home that not everybody of the audience may use."""


_PARTS = {"member_monthly": "member_withdrawals"}
"""Pages with an address of their own that belong to an entry of the menu."""


@lru_cache(maxsize=256)
def _entries(audience: str, permissions: frozenset[str]) -> tuple[tuple[str, str, str, str], ...]:
    """Group, label, icon and address of what the permissions open; worked out once for each set of them."""
    return tuple(
        (group, label, icon, reverse(f"web:{name}"))
        for group, label, icon, name, permission in _MENUS[audience]
        if permission in permissions
    )


@lru_cache(maxsize=1)
def _parts() -> tuple[tuple[str, str], ...]:
    return tuple((reverse(f"web:{part}"), reverse(f"web:{whole}")) for part, whole in _PARTS.items())


def menu_of(visit: Visit, path: str) -> tuple[Entry, ...]:
    """The visit's entries; the longest address that begins the path is the current one."""
    entries = _entries(visit.audience, visit.actor.permissions)
    for part, whole in _parts():
        if path.startswith(part):
            path = whole
    here = max((address for *_, address in entries if path.startswith(address)), key=len, default="")
    menu: list[Entry] = []
    last = ""
    for group, label, icon, address in entries:
        menu.append(Entry(label, icon, address, address == here, group if group != last else ""))
        last = group
    return tuple(menu)


def home_of(visit: Visit) -> str:
    """Where a user lands: the audience's home, or for those who may not use it the first page they may open."""
    if visit.audience in _ENTRANCES and not _ENTRANCES[visit.audience] & visit.actor.permissions:
        return next((entry.address for entry in menu_of(visit, "")), reverse("web:account"))
    return reverse(f"web:{HOMES[visit.audience]}")
