-- The outcomes as they were known at $at.
select id, "case", outcome, "at", case when until <= make_timestamp($at) then until end as until, via, channel, weight,
    value, reason
from outcomes where "at" is null or "at" <= make_timestamp($at)
order by "case", "at"
