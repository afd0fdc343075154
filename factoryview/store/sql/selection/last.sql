-- Cases of which nothing is known to follow their stay at $stage, and those that have ended there for good.
select "case" from stays where last and stage = $stage
union
select "case" from outcomes where until is null and outcome = $stage
