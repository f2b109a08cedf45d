"""Where the work plan's pages hang."""

from django.urls import path

from hpf.web.workplan import centre, exchange, plans, standing, targets, tasks, wall, week

urlpatterns = [
    path("", wall.wall, name="workplan_wall"),
    path("week/", week.week, name="workplan_week"),
    path("calendar/", week.calendar, name="workplan_calendar"),
    path("notices/", week.notices, name="workplan_notices"),
    path("notices/seen/", week.notices_seen, name="workplan_notices_seen"),
    path("standing/", standing.standing, name="workplan_standing"),
    path("ranking/", standing.ranked, name="workplan_ranking"),
    path("targets/", targets.measured, name="workplan_targets"),
    path("targets/<int:task_id>/", targets.target, name="workplan_target"),
    path("targets/<int:task_id>/enter/", targets.enter, name="workplan_reading"),
    path("targets/<int:centre>/<int:reading_id>/", targets.sign, name="workplan_sign"),
    path("plans/", plans.plans, name="workplan_plans"),
    path("plans/new/", plans.load, name="workplan_load"),
    path("plans/<int:plan_id>/", plans.document, name="workplan_document"),
    path("plans/<int:plan_id>/differences/", plans.differences, name="workplan_differences"),
    path("plans/<int:plan_id>/original/", plans.original, name="workplan_original"),
    path("plans/<int:plan_id>/next/", plans.next_plan, name="workplan_next"),
    path("plans/<int:plan_id>/days/", plans.days, name="workplan_days"),
    path("plans/<int:plan_id>/tasks/new/", tasks.task_new, name="workplan_task_new"),
    path("plans/<int:plan_id>/sentences/<int:sentence_id>/task/", tasks.task_new, name="workplan_sentence_task"),
    path("plans/<int:plan_id>/sentences/<int:sentence_id>/none/", plans.no_task, name="workplan_sentence_none"),
    path("tasks/<int:task_id>/", tasks.task, name="workplan_task"),
    path("tasks/<int:task_id>/<int:centre>/", centre.assignment, name="workplan_assignment"),
    path("tasks/<int:task_id>/<str:what>/", tasks.task_act, name="workplan_task_act"),
    path("report/", centre.report, name="workplan_report"),
    path("confirm/", centre.confirm, name="workplan_confirm"),
    path("centre/<int:centre>/occurrences/<int:occurrence_id>/<str:what>/", centre.act, name="workplan_act"),
    path("centre/<int:centre>/assignments/<int:assignment_id>/<str:what>/", centre.assignment_act, name="workplan_assignment_act"),
    path("centre/<int:centre>/measures/<int:measure_id>/", centre.measure_act, name="workplan_measure_act"),
    path("centre/<int:centre>/evidence/<int:evidence_id>/", centre.evidence, name="workplan_evidence"),
    path("centre/<int:centre>/evidence/<int:evidence_id>/withdraw/", centre.evidence_withdraw, name="workplan_evidence_withdraw"),
    path("exchange/", exchange.exchange, name="workplan_exchange"),
    path("exchange/report.<str:kind>", exchange.report, name="workplan_report_file"),
    path("exchange/ledger.xlsx", exchange.sheet, name="workplan_sheet"),
    path("exchange/wall.pdf", exchange.wall_file, name="workplan_wall_file"),
    path("exchange/import/", exchange.read_in, name="workplan_import"),
]
