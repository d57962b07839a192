"""The kaart as open data: Open Referral HSDS 3.1 and CSV."""
