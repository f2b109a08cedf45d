"""The day, the month, the interest year and the accounting year, each as commands in a readable order."""
