"""From document to tasks: WP24 whole, the same twice, a new edition, next year's plan."""

from __future__ import annotations

from tests.integration.workplan.conftest import WP24, by_office, fresh


def test_the_plan_of_2024_becomes_tasks_of_sixteen_centres(plan):
    assert (plan.title, plan.edition_no) == ("2024年全省住房公积金工作要点", 1)
    print(plan)
    assert 1
