"""What an order of a court may say, what stands against it, and how long it lasts. Pure."""
