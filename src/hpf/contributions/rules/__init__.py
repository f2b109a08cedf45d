"""Rules of contributions: amounts, lists, back payment, arrears, deferral, postings. Pure."""
