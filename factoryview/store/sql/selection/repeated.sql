-- Cases that have been at $stage at least twice.
select "case" from stays where stage = $stage group by "case" having count(*) >= 2
