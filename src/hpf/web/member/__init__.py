"""个人网厅: phone first: balance, history, interest explained, my data, who looked at it."""
