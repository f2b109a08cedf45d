"""各部门的登记: one function for each department, from the same people and homes. Told facts win over worked-out ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from demo.departments.homes import BANKS, Home, Homes
from demo.departments.registry import Registry
from hpf.kernel.period import Month
from hpf.policy.rules.retirement import statutory_retirement

Fields = dict[str, Any]
ENDS_IN_FUTURE = frozenset({"fraud_banned_until", "rent_until", "repaid_to"})


class Answers:
    def __init__(self, registry: Registry) -> None:
        self.registry, self.homes = registry, Homes(registry)
        self.evidence: set[str] = set()
        self.units: dict[str, Fields] = {}

    def answer(self, department: str, service: str, subject: str, terms: Mapping[str, str], on: date) -> Fields | None:
        """Every field the service has, as of the day; None when the department has no such service."""
        if (department, service) == ("MARKET", "unit"):
            return {"unit_state": "OPEN", "unit_closed_on": None, **self.units.get(subject, {})}
        make = getattr(self, f"_{department.lower()}", None)
        made: Fields | None = make(service, subject, terms, on) if make else None
        if made is None:
            return None
        told = self.registry.facts.get(subject, {})
        return {name: _by(name, told.get(name, value), on) for name, value in made.items()}

    def _police(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        person = self.registry.person(ref)
        match service:
            case "identity":
                return {"identity_valid": True}
            case "death":
                return {"died_on": None}
            case "exit":
                return {"emigrated_on": None}
            case "household":
                relation = self._relation(ref, terms.get("relative", ""), on)
                draw = self.registry.chance("tenant", ref)
                return {
                    "household_place": person.place,
                    "place_linked": terms["place"][:4] == person.place[:4] if "place" in terms else None,
                    "tenant_group": "LOCAL" if draw < 7_000 else "NEW_CITIZEN" if draw < 9_000 else "MIGRANT",
                    "is_close_kin": relation in ("SPOUSE", "CHILD", "PARENT") if relation else None,
                    "patient": relation,
                }
        return None

    def _relation(self, ref: str, relative: str, on: date) -> str | None:
        if not relative:
            return None
        if relative == ref:
            return "SELF"
        if relative == self.registry.spouse(ref):
            return "SPOUSE"
        if relative in self.registry.parents(ref):
            return "PARENT"
        return "CHILD" if relative in (child for child, _ in self.registry.children(ref, on)) else "OTHER"

    def _civil(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        registry = self.registry
        match service:
            case "marriage":
                spouse = registry.spouse(ref)
                return {"marital_state": "MARRIED" if spouse else "SINGLE", "spouse_ref": spouse, "marriage_changes_year": 0}
            case "children":
                children, parents = registry.children(ref, on), registry.parents(ref)
                return {
                    "children": len(children),
                    "minor_children": sum(_years(born, on) < 18 for _, born in children),
                    "family_refs": ",".join((*parents, *(child for child, _ in children))),
                    "parents": ",".join(parents),
                }
            case "minimum_income":
                poor = registry.chance("poor", registry.household(ref)) < 100
                return {"minimum_income": poor, "case_no": f"DB{registry.chance('case', ref):08d}" if poor else None}
        return None

    def _titles(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        homes = self.homes.of(ref, on)
        if service == "homes_of_person_in_place":
            place = terms.get("place", "")
            return {"homes_in_place": sum(bool(home.titled_on and home.titled_on <= on) and home.place[:4] == place[:4] for home in homes)}
        wanted = terms.get("house_no") or ""
        home = (
            self.homes.known_to(ref, wanted, on)
            if wanted
            else next((h for h in homes if _title_no(h) == terms.get("title_no", _title_no(h))), None)
        )
        titled = home if home and home.titled_on and home.titled_on <= on else None
        match service:
            case "title":
                return {
                    "title_no": _title_no(titled) if titled else None,
                    "titled_on": titled.titled_on if titled else None,
                    "house_no": titled.house_no if titled else None,
                    "owners": ",".join(titled.owners) if titled else "",
                    "price_fen": titled.price_fen if titled else None,
                    "house_trades_year": 0,
                }
            case "mortgage":
                owed = bool(home and home.loan_kind and self.homes.owed(home, on))
                return {"mortgaged": owed, "loan_kind": home.loan_kind if home and owed else None}
        return None

    def _housing(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        homes = self.homes.of(ref, on)
        home = next((h for h in homes if _contract_no(h) == terms.get("contract_no", _contract_no(h))), None)
        presale = bool(home and (home.titled_on is None or home.titled_on > on))
        match service:
            case "contract":
                return {
                    "contract_no": _contract_no(home) if home else None,
                    "contract_signed_on": home.signed_on if home else None,
                    "price_fen": home.price_fen if home else None,
                    "down_payment_fen": home.down_fen if home else None,
                    "buyers": ",".join(home.owners) if home else "",
                    "house_no": home.house_no if home else None,
                    "is_presale": presale if home else None,
                    "deal_state": "SIGNED" if home else None,
                }
            case "presale_account":
                return {
                    "contract_no": _contract_no(home) if home else None,
                    "is_presale": presale if home else None,
                    **_supervised(home if presale else None),
                }
            case "rental_filing":
                return self._lease(ref, terms, on)
            case "lift_project":
                lift = self.homes.lift(ref, on)
                home, built, share = lift if lift else (None, None, None)
                return {
                    "project_no": f"DT{home.number}" if home else None,
                    "house_no": home.house_no if home else None,
                    "lift_built_on": built,
                    "lift_share_fen": share,
                }
            case "permit":
                return {"permit_no": None, "permitted_on": None, "house_no": None}
            case "green_certificate":
                draw = self.registry.chance("green", terms.get("house_no", ""))
                return {"green_certified": draw < 1_500, "prefabricated": draw < 600}
        return None

    def _lease(self, ref: str, terms: Mapping[str, str], on: date) -> Fields:
        lease = self.homes.lease(ref, on)
        if lease and terms.get("place", lease.place)[:4] != lease.place[:4]:
            lease = None
        return {
            "rental_filed": lease is not None,
            "rental_kind": lease.kind if lease else None,
            "rent_month_fen": lease.rent_fen if lease else None,
            "rent_since": lease.since if lease else None,
            "rent_until": lease.until if lease else None,
            "contract_no": lease.contract_no if lease else None,
        }

    def _hr(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        person, registry = self.registry.person(ref), self.registry
        left = person.left_on if person.left_on and person.left_on <= on else None
        reached = statutory_retirement("M" if person.sex == "M" else "F55", Month.of(person.born_on)).month
        retired = reached <= Month.of(on)
        match service:
            case "employment":
                return {
                    "employment_ended_on": left,
                    "wage_month_fen": 0 if left or retired else 300_000 + registry.chance("wage", ref) // 10 * 1_000,
                }
            case "social_insurance":
                return {"insured_now": not retired and (left is None or registry.chance("insured", ref) < 4_000)}
            case "retirement":
                return {
                    "retired_on": date(reached.year, reached.month, 1) if retired else None,
                    "retirement_kind": "NORMAL" if retired else None,
                    "pension_drawing": retired,
                }
            case "disability":
                return {"disability_total": False}
            case "unemployment":
                return {"unemployed": left is not None and registry.chance("insured", ref) >= 4_000}
        return None

    def _medical(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        if service != "illness_cost":
            return None
        draw = self.registry.chance("ill", ref)
        ill = draw < 150
        return {
            "illness_listed": ill,
            "illness_self_paid_fen": 1_500_000 + draw * 40_000 if ill else 0,
            "discharged_on": on - timedelta(days=20 + draw % 90) if ill else None,
            "case_no": f"ZY{draw:08d}" if ill else None,
        }

    def _tax(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        if service != "invoice":
            return None
        home = next(iter(self.homes.of(ref, on)), None)
        number = f"FP{home.number}" if home else None
        if home is None or terms.get("invoice_no", number) != number:
            return {"invoice_no": None, "invoice_kind": None, "cost_fen": None, "invoice_on": None}
        draw = self.registry.chance("invoice", home.house_no)
        decoration = draw < 4_000
        return {
            "invoice_no": number,
            "invoice_kind": "DECORATION" if decoration else "PROPERTY_FEE",
            "cost_fen": 4_000_000 + draw * 1_000 if decoration else 180_000 + draw * 10,
            "invoice_on": on - timedelta(days=draw % 60),
        }

    def _credit(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        loans = [home for home in self.homes.of(ref, on) if home.loan_kind == "COMMERCIAL"]
        home = next(
            (h for h in loans if terms.get("loan_no", _loan_no(h)) == _loan_no(h) and terms.get("house_no", h.house_no) == h.house_no), None
        )
        owed = self.homes.owed(home, on) if home else None
        due = home.instalment_fen if home and owed else None
        if service == "loan":
            return {
                "loan_no": _loan_no(home) if home else None,
                "loan_kind": home.loan_kind if home else None,
                "borrowers": ",".join(home.owners) if home else "",
                "is_housing_loan": True if home else None,
                "house_no": home.house_no if home else None,
                "loan_balance_fen": owed,
                "paid_off_on": _paid_off(home) if home and not owed else None,
                "next_due_fen": due,
            }
        if service != "repayment":
            return None
        since = date.fromisoformat(terms["since"]) if terms.get("since") else date(on.year - 1, on.month, 1)
        begun = max(since, home.signed_on) if home else since
        months = max(0, (on.year - begun.year) * 12 + on.month - begun.month)
        return {
            "loan_no": _loan_no(home) if home else None,
            "loan_balance_fen": owed,
            "repaid_since_fen": months * home.instalment_fen if home else 0,
            "repaid_from": begun if home else None,
            "repaid_to": on if home else None,
            "next_due_fen": due,
        }

    def _national(self, service: str, ref: str, terms: Mapping[str, str], on: date) -> Fields | None:
        elsewhere = self.registry.chance("elsewhere", ref)
        match service:
            case "accounts":
                has = elsewhere < 400
                return {"elsewhere_account": has, "elsewhere_months": elsewhere % 40 if has else 0}
            case "loans":
                own = next((home for home in self.homes.of(ref, on) if home.loan_kind == "FUND"), None)
                return {
                    "elsewhere_loans": int(elsewhere < 100),
                    "elsewhere_loan_unpaid": elsewhere < 40,
                    "loan_no": _loan_no(own) if own and self.homes.owed(own, on) else None,
                }
            case "fraud":
                return {"fraud_banned_until": None}
            case "evidence":
                return {"evidence_used": terms.get("evidence", "") in self.evidence}
        return None


def _by(name: str, value: Any, on: date) -> Any:
    """A day that has not come is not known yet; days travel as text, references joined by commas."""
    if isinstance(value, str) and name.endswith(("_on", "_until", "_since", "_from", "_to")):
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return value.isoformat() if value <= on or name in ENDS_IN_FUTURE else None
    return ",".join(value) if isinstance(value, list | tuple) else value


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _title_no(home: Home) -> str:
    return f"甘（{home.titled_on.year if home.titled_on else home.signed_on.year}）不动产权第{home.number}号"


def _contract_no(home: Home) -> str:
    return f"HT{home.number}"


def _loan_no(home: Home) -> str:
    return f"JK{home.number}"


def _paid_off(home: Home) -> date:
    return date(home.signed_on.year + 20, home.signed_on.month, 1)


def _supervised(home: Home | None) -> Fields:
    if home is None:
        return {"supervised_account": None, "supervised_name": None, "supervised_bank": None}
    turn = int(home.number) % len(BANKS)
    return {"supervised_account": f"6201{home.number[:12]}", "supervised_name": "甘肃预售资金监管专户", "supervised_bank": BANKS[turn]}
