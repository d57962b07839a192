"""The desk: staff, queue, taking over."""
