-- Every dated outcome, by its place in $names.
select list_position($names::varchar[], outcome) - 1 as outcome, epoch_us("at") as "at", weight
from outcomes where "at" is not null
