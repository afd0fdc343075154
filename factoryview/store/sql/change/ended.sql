-- When cases ended by $until (µs), and as what: outcome (its place in $outcomes), at (µs), weight.
with codes as (
    select unnest($outcomes::varchar[]) as name, unnest(range(len($outcomes::varchar[]))) as code
)
select codes.code::smallint as outcome, epoch_us("at") as "at", coalesce(weight, 1)::double as weight
from outcomes join codes on codes.name = outcomes.outcome
where "at" is not null and epoch_us("at") <= $until::bigint
