-- What left $stage for one of the outcomes $lost: when (µs), its weight, value (null where unknown) and the reason, or
-- the outcome where none is given. In order of time.
select epoch_us("at") as "at", weight, value::double as value, coalesce(nullif(reason, ''), outcome) as reason
from outcomes where via = $stage and list_contains($lost::varchar[], outcome) and "at" is not null
order by 1, reason
