-- 防线: what must stand so that nobody changes what is posted and nothing unbalanced comes in. Read by queries.guards, of one centre.
-- Columns: guard, whether it stands. Only the owner of the tables can take one down; this is how it is seen.
WITH leg(name) AS (
    VALUES ('ledger_leg'), ('ledger_leg_' || %(centre)s::text)
), kept(name) AS (
    SELECT name FROM leg UNION ALL VALUES ('ledger_journal'), ('ledger_day'), ('ledger_voucher'), ('db_command')
), trigger_wanted(relation, name) AS (
    SELECT name, 'balanced' FROM leg UNION ALL SELECT name, 'append_only' FROM kept
), rule_wanted(relation, name) AS (
    VALUES ('ledger_account', 'ledger_balance_covers_holds'), ('ledger_account', 'ledger_buckets_within_balance'),
           ('ledger_account', 'ledger_closed_is_empty'), ('ledger_account', 'ledger_frozen_where_balances_run'),
           ('ledger_journal', 'ledger_journal_key'), ('ledger_journal', 'ledger_maker_is_not_checker')
), own(name) AS (
    VALUES ('ledger_account'), ('ledger_journal'), ('ledger_leg'), ('ledger_hold'), ('ledger_freeze'), ('ledger_day'), ('ledger_voucher')
)
SELECT '触发器 ' || relation || '.' || name, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(relation) AND t.tgname = name AND t.tgenabled IN ('O', 'A'))
FROM trigger_wanted
UNION ALL
SELECT '约束 ' || name, EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = to_regclass(relation) AND c.conname = name AND c.convalidated)
FROM rule_wanted
UNION ALL
SELECT '行级安全 ' || name, EXISTS (SELECT FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'own_centre'
                                WHERE c.oid = to_regclass(name) AND c.relrowsecurity)
FROM own
UNION ALL
SELECT '只读 ' || name, NOT has_table_privilege('hpf_app', name, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
FROM (SELECT name FROM own UNION SELECT name FROM leg) written
ORDER BY 1
