-- What a unit was counted as, day by day: [since, until). Units that never changed have one row.

CREATE VIEW parties_employer_nature_v1 AS
    SELECT centre_id, employer_id, change_id, nature, economic_type, since, until
    FROM (SELECT n.centre_id, n.employer_id, n.change_id, n.nature, n.economic_type, n.until,
                 lag(n.until, 1, DATE '0001-01-01') OVER (PARTITION BY n.centre_id, n.employer_id ORDER BY n.until, n.change_id) AS since
          FROM (SELECT centre_id, employer_id, id AS change_id, nature, economic_type, until FROM parties_formernature
                UNION ALL
                SELECT centre_id, id, 9223372036854775807, nature, economic_type, DATE '9999-12-31' FROM parties_employer) n) periods
    WHERE since < until;
COMMENT ON VIEW parties_employer_nature_v1 IS '单位性质沿革';
COMMENT ON COLUMN parties_employer_nature_v1.centre_id IS '中心编号';
COMMENT ON COLUMN parties_employer_nature_v1.employer_id IS '单位内部编号';
COMMENT ON COLUMN parties_employer_nature_v1.change_id IS '沿革编号';
COMMENT ON COLUMN parties_employer_nature_v1.nature IS '单位性质';
COMMENT ON COLUMN parties_employer_nature_v1.economic_type IS '经济类型';
COMMENT ON COLUMN parties_employer_nature_v1.since IS '起始日期';
COMMENT ON COLUMN parties_employer_nature_v1.until IS '终止日期';

GRANT SELECT ON parties_employer_nature_v1 TO hpf_observer;
