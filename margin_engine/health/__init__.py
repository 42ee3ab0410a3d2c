"""What a pool is worth: its risk at one set of prices, and its health along a path of prices."""
