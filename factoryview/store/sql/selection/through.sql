-- Cases that have been at $stage, or have ended there.
select "case" from stays where stage = $stage union select "case" from outcomes where outcome = $stage
