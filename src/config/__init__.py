"""What differs between two installations: addresses, keys, which gateway. What differs between two cities is law."""
