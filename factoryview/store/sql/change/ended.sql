-- When cases ended by $until (µs), and as what: outcome, at (µs), weight.
select outcome, epoch_us("at") as "at", coalesce(weight, 1)::double as weight
from outcomes where "at" is not null and epoch_us("at") <= $until::bigint
