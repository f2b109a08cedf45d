CREATE VIEW policy_parameter_v1 AS
SELECT p.scope, k.key, k.label, k.district, p.value, k.unit, p.since, p.until, p.citation, p.confidence, p.pack
FROM policy_parameter p JOIN policy_key k ON k.id = p.key_id;
COMMENT ON VIEW policy_parameter_v1 IS '政策参数';
COMMENT ON COLUMN policy_parameter_v1.scope IS '适用范围';
COMMENT ON COLUMN policy_parameter_v1.key IS '参数代码';
COMMENT ON COLUMN policy_parameter_v1.label IS '参数名称';
COMMENT ON COLUMN policy_parameter_v1.district IS '区县';
COMMENT ON COLUMN policy_parameter_v1.value IS '参数值';
COMMENT ON COLUMN policy_parameter_v1.unit IS '计量单位';
COMMENT ON COLUMN policy_parameter_v1.since IS '生效日期';
COMMENT ON COLUMN policy_parameter_v1.until IS '失效日期';
COMMENT ON COLUMN policy_parameter_v1.citation IS '依据';
COMMENT ON COLUMN policy_parameter_v1.confidence IS '可信程度';
COMMENT ON COLUMN policy_parameter_v1.pack IS '参数包';
GRANT SELECT ON policy_parameter_v1 TO hpf_observer;
