"""For those who help a newcomer: a search that shows why an entry fits, and a bilingual card to hand over."""
