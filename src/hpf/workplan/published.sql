-- The work plan for the province, across centres. Columns carry the tables' names; files' bytes are not published.

CREATE VIEW workplan_plan_v1 AS
    SELECT id, year, title, number, issuer, issued_on, state, from_plan_id, warn_days, director_days, province_days,
           version, loaded_by, loaded_at
    FROM workplan_plan;
COMMENT ON VIEW workplan_plan_v1 IS '要点';
COMMENT ON COLUMN workplan_plan_v1.id IS '要点编号';
COMMENT ON COLUMN workplan_plan_v1.year IS '要点所属年度';
COMMENT ON COLUMN workplan_plan_v1.title IS '要点名称';
COMMENT ON COLUMN workplan_plan_v1.number IS '发文字号，没有的留空';
COMMENT ON COLUMN workplan_plan_v1.issuer IS '印发机关';
COMMENT ON COLUMN workplan_plan_v1.issued_on IS '印发日期';
COMMENT ON COLUMN workplan_plan_v1.state IS '要点状态';
COMMENT ON COLUMN workplan_plan_v1.from_plan_id IS '由其未完任务生成本要点的上年要点';
COMMENT ON COLUMN workplan_plan_v1.warn_days IS '到期前多少天开始提醒并亮黄灯';
COMMENT ON COLUMN workplan_plan_v1.director_days IS '逾期多少天报中心主任';
COMMENT ON COLUMN workplan_plan_v1.province_days IS '逾期多少天报省厅';
COMMENT ON COLUMN workplan_plan_v1.version IS '修改次数，两人同时修改时后者须先看到前者的修改';
COMMENT ON COLUMN workplan_plan_v1.loaded_by IS '载入人';
COMMENT ON COLUMN workplan_plan_v1.loaded_at IS '载入时刻';

CREATE VIEW workplan_edition_v1 AS
    SELECT id, plan_id, edition_no, filename, sha256, size_bytes, differences, loaded_by, loaded_at
    FROM workplan_edition;
COMMENT ON VIEW workplan_edition_v1 IS '要点版本';
COMMENT ON COLUMN workplan_edition_v1.id IS '要点版本编号';
COMMENT ON COLUMN workplan_edition_v1.plan_id IS '所属要点';
COMMENT ON COLUMN workplan_edition_v1.edition_no IS '第几版，从1起';
COMMENT ON COLUMN workplan_edition_v1.filename IS '上传时的文件名';
COMMENT ON COLUMN workplan_edition_v1.sha256 IS '原件内容的SHA-256';
COMMENT ON COLUMN workplan_edition_v1.size_bytes IS '原件字节数';
COMMENT ON COLUMN workplan_edition_v1.differences IS '与前一版逐句比较的差异，第一版为空';
COMMENT ON COLUMN workplan_edition_v1.loaded_by IS '载入人';
COMMENT ON COLUMN workplan_edition_v1.loaded_at IS '载入时刻';

CREATE VIEW workplan_clause_v1 AS
    SELECT id, edition_id, anchor, level, heading, place
    FROM workplan_clause;
COMMENT ON VIEW workplan_clause_v1 IS '条款';
COMMENT ON COLUMN workplan_clause_v1.id IS '条款编号';
COMMENT ON COLUMN workplan_clause_v1.edition_id IS '所属版本';
COMMENT ON COLUMN workplan_clause_v1.anchor IS '条号，如 五(二)';
COMMENT ON COLUMN workplan_clause_v1.level IS '标题层级';
COMMENT ON COLUMN workplan_clause_v1.heading IS '条款标题';
COMMENT ON COLUMN workplan_clause_v1.place IS '在文件中的次序，从1起';

CREATE VIEW workplan_sentence_v1 AS
    SELECT id, clause_id, place, text, digest, verdict, no_task_reason, version, decided_by, decided_at
    FROM workplan_sentence;
COMMENT ON VIEW workplan_sentence_v1 IS '句';
COMMENT ON COLUMN workplan_sentence_v1.id IS '句编号';
COMMENT ON COLUMN workplan_sentence_v1.clause_id IS '所属条款';
COMMENT ON COLUMN workplan_sentence_v1.place IS '在条款中的次序，从1起';
COMMENT ON COLUMN workplan_sentence_v1.text IS '原文';
COMMENT ON COLUMN workplan_sentence_v1.digest IS '去空白后原文的SHA-256，用于跨版本对应';
COMMENT ON COLUMN workplan_sentence_v1.verdict IS '有任务、不设任务或未覆盖';
COMMENT ON COLUMN workplan_sentence_v1.no_task_reason IS '不设任务的原因';
COMMENT ON COLUMN workplan_sentence_v1.version IS '修改次数';
COMMENT ON COLUMN workplan_sentence_v1.decided_by IS '作出结论的人';
COMMENT ON COLUMN workplan_sentence_v1.decided_at IS '作出结论的时刻';

CREATE VIEW workplan_task_v1 AS
    SELECT id, plan_id, task_no, title, demand, anchor, part, part_heading, scope, origin, state, starts_on, deadlines,
           deadline_text, quota, cites, bodies, measure_kind, measure_code, operator, target, carried_from_id, version,
           created_by, created_at
    FROM workplan_task;
COMMENT ON VIEW workplan_task_v1 IS '任务';
COMMENT ON COLUMN workplan_task_v1.id IS '任务内部编号';
COMMENT ON COLUMN workplan_task_v1.plan_id IS '所属要点';
COMMENT ON COLUMN workplan_task_v1.task_no IS '在要点中的任务号，从1起，永不改变';
COMMENT ON COLUMN workplan_task_v1.title IS '任务名称';
COMMENT ON COLUMN workplan_task_v1.demand IS '任务要求，原文或人工表述';
COMMENT ON COLUMN workplan_task_v1.anchor IS '所依据的首个条款的条号';
COMMENT ON COLUMN workplan_task_v1.part IS '所属部分，如 五';
COMMENT ON COLUMN workplan_task_v1.part_heading IS '所属部分的标题';
COMMENT ON COLUMN workplan_task_v1.scope IS '全省各中心或点名中心';
COMMENT ON COLUMN workplan_task_v1.origin IS '文件拆解、人工建立或上年结转';
COMMENT ON COLUMN workplan_task_v1.state IS '任务状态';
COMMENT ON COLUMN workplan_task_v1.starts_on IS '任务起始日期';
COMMENT ON COLUMN workplan_task_v1.deadlines IS '期限规则：固定、周期、随事件';
COMMENT ON COLUMN workplan_task_v1.deadline_text IS '期限，供阅读';
COMMENT ON COLUMN workplan_task_v1.quota IS '数量要求，如 不少于1篇';
COMMENT ON COLUMN workplan_task_v1.cites IS '任务引用的文件，每项为标题、文号';
COMMENT ON COLUMN workplan_task_v1.bodies IS '任务涉及的部门';
COMMENT ON COLUMN workplan_task_v1.measure_kind IS '佐证材料或平台测量';
COMMENT ON COLUMN workplan_task_v1.measure_code IS '平台测量口径代码';
COMMENT ON COLUMN workplan_task_v1.operator IS '目标方向：<= 不高于，>= 不低于，= 等于';
COMMENT ON COLUMN workplan_task_v1.target IS '全省统一目标值';
COMMENT ON COLUMN workplan_task_v1.carried_from_id IS '由上年要点结转的任务';
COMMENT ON COLUMN workplan_task_v1.version IS '修改次数';
COMMENT ON COLUMN workplan_task_v1.created_by IS '建立人';
COMMENT ON COLUMN workplan_task_v1.created_at IS '建立时刻';

CREATE VIEW workplan_tasksource_v1 AS
    SELECT id, task_id, sentence_id
    FROM workplan_tasksource;
COMMENT ON VIEW workplan_tasksource_v1 IS '任务依据';
COMMENT ON COLUMN workplan_tasksource_v1.id IS '任务依据编号';
COMMENT ON COLUMN workplan_tasksource_v1.task_id IS '任务';
COMMENT ON COLUMN workplan_tasksource_v1.sentence_id IS '任务所依据的原文';

CREATE VIEW workplan_assignment_v1 AS
    SELECT id, centre_id, plan_id, task_id, measure_text, section, person_id, person_name, starts_on, target, state,
           confirmed_by, confirmed_at, version
    FROM workplan_assignment;
COMMENT ON VIEW workplan_assignment_v1 IS '责任事项';
COMMENT ON COLUMN workplan_assignment_v1.id IS '责任事项编号';
COMMENT ON COLUMN workplan_assignment_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_assignment_v1.plan_id IS '所属要点';
COMMENT ON COLUMN workplan_assignment_v1.task_id IS '任务';
COMMENT ON COLUMN workplan_assignment_v1.measure_text IS '中心的具体措施';
COMMENT ON COLUMN workplan_assignment_v1.section IS '责任科室';
COMMENT ON COLUMN workplan_assignment_v1.person_id IS '责任人的用户编号';
COMMENT ON COLUMN workplan_assignment_v1.person_name IS '责任人姓名';
COMMENT ON COLUMN workplan_assignment_v1.starts_on IS '起始日期';
COMMENT ON COLUMN workplan_assignment_v1.target IS '本中心的目标值，空为全省统一目标值';
COMMENT ON COLUMN workplan_assignment_v1.state IS '分解状态';
COMMENT ON COLUMN workplan_assignment_v1.confirmed_by IS '确认分解的主任';
COMMENT ON COLUMN workplan_assignment_v1.confirmed_at IS '确认分解的时刻';
COMMENT ON COLUMN workplan_assignment_v1.version IS '修改次数';

CREATE VIEW workplan_occurrence_v1 AS
    SELECT id, centre_id, plan_id, task_id, assignment_id, period, starts_on, due_on, first_due_on, last_workday_on,
           note, state, is_asked, question, is_measured, is_met, value, measured_on, words, finished_by, finished_at,
           reported_by, reported_at, reported_on, returns, decided_by, decided_at, decided_on, opinion, version
    FROM workplan_occurrence;
COMMENT ON VIEW workplan_occurrence_v1 IS '责任期次';
COMMENT ON COLUMN workplan_occurrence_v1.id IS '期次编号';
COMMENT ON COLUMN workplan_occurrence_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_occurrence_v1.plan_id IS '所属要点';
COMMENT ON COLUMN workplan_occurrence_v1.task_id IS '任务';
COMMENT ON COLUMN workplan_occurrence_v1.assignment_id IS '所属责任事项';
COMMENT ON COLUMN workplan_occurrence_v1.period IS '期次，如 2024-03、2024-Q1、2024、2024-03-31';
COMMENT ON COLUMN workplan_occurrence_v1.starts_on IS '本期开始之日，此前亮灰灯';
COMMENT ON COLUMN workplan_occurrence_v1.due_on IS '到期日';
COMMENT ON COLUMN workplan_occurrence_v1.first_due_on IS '最初的到期日，调整期限后仍在';
COMMENT ON COLUMN workplan_occurrence_v1.last_workday_on IS '到期日或其前最后一个工作日';
COMMENT ON COLUMN workplan_occurrence_v1.note IS '节假日、推定等须知';
COMMENT ON COLUMN workplan_occurrence_v1.state IS '期次状态';
COMMENT ON COLUMN workplan_occurrence_v1.is_asked IS '省厅询问而中心尚未答复';
COMMENT ON COLUMN workplan_occurrence_v1.question IS '省厅最近的询问';
COMMENT ON COLUMN workplan_occurrence_v1.is_measured IS '由平台测量，是否达标不由人填';
COMMENT ON COLUMN workplan_occurrence_v1.is_met IS '平台测量任务：是否达标，由平台计算，空为无数据';
COMMENT ON COLUMN workplan_occurrence_v1.value IS '平台测量任务：最近一次数值';
COMMENT ON COLUMN workplan_occurrence_v1.measured_on IS '最近一次测量之日';
COMMENT ON COLUMN workplan_occurrence_v1.words IS '科室或主任对完成情况的说明';
COMMENT ON COLUMN workplan_occurrence_v1.finished_by IS '科室办结人';
COMMENT ON COLUMN workplan_occurrence_v1.finished_at IS '科室办结时刻';
COMMENT ON COLUMN workplan_occurrence_v1.reported_by IS '上报的主任';
COMMENT ON COLUMN workplan_occurrence_v1.reported_at IS '最近一次上报时刻';
COMMENT ON COLUMN workplan_occurrence_v1.reported_on IS '最近一次上报之日';
COMMENT ON COLUMN workplan_occurrence_v1.returns IS '被退回次数';
COMMENT ON COLUMN workplan_occurrence_v1.decided_by IS '认可或退回的省厅人员';
COMMENT ON COLUMN workplan_occurrence_v1.decided_at IS '认可或退回的时刻';
COMMENT ON COLUMN workplan_occurrence_v1.decided_on IS '认可或退回之日';
COMMENT ON COLUMN workplan_occurrence_v1.opinion IS '认可意见或退回原因';
COMMENT ON COLUMN workplan_occurrence_v1.version IS '修改次数';

CREATE VIEW workplan_measure_v1 AS
    SELECT id, centre_id, assignment_id, title, section, person_id, person_name, starts_on, due_on, state, version,
           created_by, created_at
    FROM workplan_measure;
COMMENT ON VIEW workplan_measure_v1 IS '措施';
COMMENT ON COLUMN workplan_measure_v1.id IS '措施编号';
COMMENT ON COLUMN workplan_measure_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_measure_v1.assignment_id IS '所属责任事项';
COMMENT ON COLUMN workplan_measure_v1.title IS '措施';
COMMENT ON COLUMN workplan_measure_v1.section IS '责任科室';
COMMENT ON COLUMN workplan_measure_v1.person_id IS '责任人的用户编号';
COMMENT ON COLUMN workplan_measure_v1.person_name IS '责任人姓名';
COMMENT ON COLUMN workplan_measure_v1.starts_on IS '起始日期';
COMMENT ON COLUMN workplan_measure_v1.due_on IS '完成时限';
COMMENT ON COLUMN workplan_measure_v1.state IS '措施状态';
COMMENT ON COLUMN workplan_measure_v1.version IS '修改次数';
COMMENT ON COLUMN workplan_measure_v1.created_by IS '登记人';
COMMENT ON COLUMN workplan_measure_v1.created_at IS '登记时刻';

CREATE VIEW workplan_evidence_v1 AS
    SELECT id, centre_id, occurrence_id, measure_id, filename, mime, sha256, size_bytes, uploaded_by, uploaded_by_name,
           uploaded_at, withdrawn_by, withdrawn_at, withdrawn_reason
    FROM workplan_evidence;
COMMENT ON VIEW workplan_evidence_v1 IS '佐证';
COMMENT ON COLUMN workplan_evidence_v1.id IS '佐证编号';
COMMENT ON COLUMN workplan_evidence_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_evidence_v1.occurrence_id IS '所佐证的期次';
COMMENT ON COLUMN workplan_evidence_v1.measure_id IS '所佐证的措施';
COMMENT ON COLUMN workplan_evidence_v1.filename IS '上传时的文件名';
COMMENT ON COLUMN workplan_evidence_v1.mime IS '文件类型';
COMMENT ON COLUMN workplan_evidence_v1.sha256 IS '原件内容的SHA-256';
COMMENT ON COLUMN workplan_evidence_v1.size_bytes IS '原件字节数';
COMMENT ON COLUMN workplan_evidence_v1.uploaded_by IS '上传人编号';
COMMENT ON COLUMN workplan_evidence_v1.uploaded_by_name IS '上传人';
COMMENT ON COLUMN workplan_evidence_v1.uploaded_at IS '上传时刻';
COMMENT ON COLUMN workplan_evidence_v1.withdrawn_by IS '撤回人';
COMMENT ON COLUMN workplan_evidence_v1.withdrawn_at IS '撤回时刻';
COMMENT ON COLUMN workplan_evidence_v1.withdrawn_reason IS '撤回原因';

CREATE VIEW workplan_event_v1 AS
    SELECT id, centre_id, plan_id, task_id, assignment_id, occurrence_id, kind, at, by_id, by_name, text, before, after
    FROM workplan_event;
COMMENT ON VIEW workplan_event_v1 IS '任务历史';
COMMENT ON COLUMN workplan_event_v1.id IS '历史编号';
COMMENT ON COLUMN workplan_event_v1.centre_id IS '责任中心，0为省厅';
COMMENT ON COLUMN workplan_event_v1.plan_id IS '要点';
COMMENT ON COLUMN workplan_event_v1.task_id IS '任务';
COMMENT ON COLUMN workplan_event_v1.assignment_id IS '责任事项';
COMMENT ON COLUMN workplan_event_v1.occurrence_id IS '期次';
COMMENT ON COLUMN workplan_event_v1.kind IS '历史种类';
COMMENT ON COLUMN workplan_event_v1.at IS '发生时刻';
COMMENT ON COLUMN workplan_event_v1.by_id IS '办理人编号';
COMMENT ON COLUMN workplan_event_v1.by_name IS '办理人';
COMMENT ON COLUMN workplan_event_v1.text IS '说明';
COMMENT ON COLUMN workplan_event_v1.before IS '修改前的值';
COMMENT ON COLUMN workplan_event_v1.after IS '修改后的值';

CREATE VIEW workplan_deadlinemove_v1 AS
    SELECT id, centre_id, occurrence_id, from_on, to_on, reason, moved_by, moved_at
    FROM workplan_deadlinemove;
COMMENT ON VIEW workplan_deadlinemove_v1 IS '调整期限';
COMMENT ON COLUMN workplan_deadlinemove_v1.id IS '调整期限编号';
COMMENT ON COLUMN workplan_deadlinemove_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_deadlinemove_v1.occurrence_id IS '期次';
COMMENT ON COLUMN workplan_deadlinemove_v1.from_on IS '调整前到期日';
COMMENT ON COLUMN workplan_deadlinemove_v1.to_on IS '调整后到期日';
COMMENT ON COLUMN workplan_deadlinemove_v1.reason IS '调整原因';
COMMENT ON COLUMN workplan_deadlinemove_v1.moved_by IS '调整人';
COMMENT ON COLUMN workplan_deadlinemove_v1.moved_at IS '调整时刻';

CREATE VIEW workplan_reading_v1 AS
    SELECT id, centre_id, assignment_id, month, value, source, taken_on, note, evidence_id, entered_by, entered_by_name,
           entered_at, signed_by, signed_by_name, signed_at, refused_reason, is_superseded
    FROM workplan_reading;
COMMENT ON VIEW workplan_reading_v1 IS '测量值记录';
COMMENT ON COLUMN workplan_reading_v1.id IS '测量值编号';
COMMENT ON COLUMN workplan_reading_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_reading_v1.assignment_id IS '责任事项';
COMMENT ON COLUMN workplan_reading_v1.month IS '测量年月（自公元0年起的月数）';
COMMENT ON COLUMN workplan_reading_v1.value IS '数值';
COMMENT ON COLUMN workplan_reading_v1.source IS '平台计算或人工填报';
COMMENT ON COLUMN workplan_reading_v1.taken_on IS '数值所属之日';
COMMENT ON COLUMN workplan_reading_v1.note IS '说明';
COMMENT ON COLUMN workplan_reading_v1.evidence_id IS '填报依据';
COMMENT ON COLUMN workplan_reading_v1.entered_by IS '填报人编号';
COMMENT ON COLUMN workplan_reading_v1.entered_by_name IS '填报人';
COMMENT ON COLUMN workplan_reading_v1.entered_at IS '填报时刻';
COMMENT ON COLUMN workplan_reading_v1.signed_by IS '签认人编号';
COMMENT ON COLUMN workplan_reading_v1.signed_by_name IS '签认人';
COMMENT ON COLUMN workplan_reading_v1.signed_at IS '签认时刻';
COMMENT ON COLUMN workplan_reading_v1.refused_reason IS '签认人退回重填的原因';
COMMENT ON COLUMN workplan_reading_v1.is_superseded IS '同月已有更正或平台计算的数值';

CREATE VIEW workplan_notice_v1 AS
    SELECT id, centre_id, occurrence_id, kind, due_on, noticed_on, to_role, to_section, to_person_id, text, seen_by,
           seen_at
    FROM workplan_notice;
COMMENT ON VIEW workplan_notice_v1 IS '提醒';
COMMENT ON COLUMN workplan_notice_v1.id IS '提醒编号';
COMMENT ON COLUMN workplan_notice_v1.centre_id IS '责任中心';
COMMENT ON COLUMN workplan_notice_v1.occurrence_id IS '期次';
COMMENT ON COLUMN workplan_notice_v1.kind IS '提醒种类';
COMMENT ON COLUMN workplan_notice_v1.due_on IS '提醒所指的到期日';
COMMENT ON COLUMN workplan_notice_v1.noticed_on IS '提醒之日';
COMMENT ON COLUMN workplan_notice_v1.to_role IS '提醒对象岗位';
COMMENT ON COLUMN workplan_notice_v1.to_section IS '提醒对象科室';
COMMENT ON COLUMN workplan_notice_v1.to_person_id IS '提醒对象用户编号';
COMMENT ON COLUMN workplan_notice_v1.text IS '提醒内容';
COMMENT ON COLUMN workplan_notice_v1.seen_by IS '查看人';
COMMENT ON COLUMN workplan_notice_v1.seen_at IS '查看时刻';

CREATE VIEW workplan_sectionmember_v1 AS
    SELECT id, centre_id, section, person_id, person_name, is_head
    FROM workplan_sectionmember;
COMMENT ON VIEW workplan_sectionmember_v1 IS '科室人员';
COMMENT ON COLUMN workplan_sectionmember_v1.id IS '科室人员编号';
COMMENT ON COLUMN workplan_sectionmember_v1.centre_id IS '所属中心';
COMMENT ON COLUMN workplan_sectionmember_v1.section IS '科室名称';
COMMENT ON COLUMN workplan_sectionmember_v1.person_id IS '用户编号';
COMMENT ON COLUMN workplan_sectionmember_v1.person_name IS '姓名';
COMMENT ON COLUMN workplan_sectionmember_v1.is_head IS '是否科室负责人';

GRANT SELECT ON workplan_plan_v1, workplan_edition_v1, workplan_clause_v1, workplan_sentence_v1, workplan_task_v1,
    workplan_tasksource_v1, workplan_assignment_v1, workplan_occurrence_v1, workplan_measure_v1, workplan_evidence_v1,
    workplan_event_v1, workplan_deadlinemove_v1, workplan_reading_v1, workplan_notice_v1, workplan_sectionmember_v1 TO hpf_observer;
