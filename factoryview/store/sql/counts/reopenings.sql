-- When cases were reopened, and after which outcome, as its place in $outcomes.
select "case", (list_position($outcomes::varchar[], outcome) - 1)::int as outcome, epoch_us(until) as "at", weight
from outcomes where until is not null
