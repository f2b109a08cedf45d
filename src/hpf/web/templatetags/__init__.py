"""What templates may say about money, months, days and states."""
