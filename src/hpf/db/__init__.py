"""The thin glue between the business and PostgreSQL: money and month columns, commands, centre scope, long jobs.

The database separates centres by itself: every business table carries `centre_id` and a row-level policy that
compares it with the centre of the session (`hpf.centre`). Three roles exist: `hpf_owner` owns the schema,
`hpf_app` is what the application signs in as, `hpf_observer` reads published views across centres.
"""
