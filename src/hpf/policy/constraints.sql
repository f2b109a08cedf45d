-- One value for one day: two rows of the same key and district in the same scope may not share a day.
ALTER TABLE policy_parameter ADD CONSTRAINT policy_parameter_one_value EXCLUDE USING gist (
    int4range(scope, scope, '[]') WITH &&,
    int8range(key_id, key_id, '[]') WITH &&,
    daterange(since, until) WITH &&
);
