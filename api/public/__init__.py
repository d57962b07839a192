"""The kaart as pages to read, share, find and print: no conversation, no cookie, no script."""
