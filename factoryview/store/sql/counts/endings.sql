-- Every dated outcome, as its place in $outcomes.
select "case", (list_position($outcomes::varchar[], outcome) - 1)::int as outcome, epoch_us("at") as "at", weight
from outcomes where "at" is not null
