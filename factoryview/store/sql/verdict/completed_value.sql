-- The mean value of completed cases (outcome in $good): of those in [$since, $until), and of all.
select avg(value) filter ("at" >= $since and "at" < $until), avg(value)
from outcomes where value is not null and list_contains($good::varchar[], outcome)
