"""A directory from elsewhere as a new kaart: an HSDS file or a table in, entries and a report of what was lost out."""
