"""单位网厅: lists and their money, people, arrears, deferral. An operator sees one unit, their own."""
