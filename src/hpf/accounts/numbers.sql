-- 个人账号、单位账号: each runs within its centre, after the numbers that have been given.
INSERT INTO parties_series VALUES ('1', '个人账号'), ('2', '单位账号');
SELECT hpf_go_on_after(centre_id, '1', max(substr(account_no, 4, 8)::bigint)) FROM accounts_memberaccount
WHERE account_no ~ '^[0-9]{2}1[0-9]{9}$' GROUP BY centre_id;
SELECT hpf_go_on_after(centre_id, '2', max(substr(account_no, 4, 8)::bigint)) FROM accounts_employeraccount
WHERE account_no ~ '^[0-9]{2}2[0-9]{9}$' GROUP BY centre_id;
