-- When cases were first seen by $until (µs): at (µs), weight.
select epoch_us(entered) as "at", coalesce(weight, 1)::double as weight
from stays where "first" and entered is not null and epoch_us(entered) <= $until::bigint
