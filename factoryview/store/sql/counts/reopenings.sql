-- When cases were reopened, and after which outcome, by its place in $names.
select list_position($names::varchar[], outcome) - 1 as outcome, epoch_us(until) as "at", weight
from outcomes where until is not null
