"""Who did what at the desk, when: a log that grows and does not change."""
