-- Published reads of parties. No name, number or contact of a person ever appears here.

CREATE VIEW parties_centre_v1 AS
    SELECT id AS centre_id, code, name, short_name, kind, gb2260, mohurd_org_code FROM parties_centre;
COMMENT ON VIEW parties_centre_v1 IS '中心';
COMMENT ON COLUMN parties_centre_v1.centre_id IS '中心编号';
COMMENT ON COLUMN parties_centre_v1.code IS '中心代码';
COMMENT ON COLUMN parties_centre_v1.name IS '中心名称';
COMMENT ON COLUMN parties_centre_v1.short_name IS '中心简称';
COMMENT ON COLUMN parties_centre_v1.kind IS '中心类别';
COMMENT ON COLUMN parties_centre_v1.gb2260 IS '行政区划代码';
COMMENT ON COLUMN parties_centre_v1.mohurd_org_code IS '机构代码';

CREATE VIEW parties_employer_v1 AS
    SELECT centre_id, id AS employer_id, employer_no, name, uscc, uscc_outdated, economic_type, nature, industry, affiliation,
           district, established_on, registered_on, payday, state, deregistered_on
    FROM parties_employer;
COMMENT ON VIEW parties_employer_v1 IS '缴存单位';
COMMENT ON COLUMN parties_employer_v1.centre_id IS '中心编号';
COMMENT ON COLUMN parties_employer_v1.employer_id IS '单位内部编号';
COMMENT ON COLUMN parties_employer_v1.employer_no IS '单位编号';
COMMENT ON COLUMN parties_employer_v1.name IS '单位名称';
COMMENT ON COLUMN parties_employer_v1.uscc IS '统一社会信用代码';
COMMENT ON COLUMN parties_employer_v1.uscc_outdated IS '代码待更新';
COMMENT ON COLUMN parties_employer_v1.economic_type IS '经济类型';
COMMENT ON COLUMN parties_employer_v1.nature IS '单位性质';
COMMENT ON COLUMN parties_employer_v1.industry IS '所属行业';
COMMENT ON COLUMN parties_employer_v1.affiliation IS '隶属关系';
COMMENT ON COLUMN parties_employer_v1.district IS '区县代码';
COMMENT ON COLUMN parties_employer_v1.established_on IS '设立日期';
COMMENT ON COLUMN parties_employer_v1.registered_on IS '登记日期';
COMMENT ON COLUMN parties_employer_v1.payday IS '发薪日';
COMMENT ON COLUMN parties_employer_v1.state IS '单位状态';
COMMENT ON COLUMN parties_employer_v1.deregistered_on IS '注销日期';

GRANT SELECT ON parties_centre_v1, parties_employer_v1 TO hpf_observer;
