-- The mean value of completed cases (outcome in $good): of those in [$since, $until), and of all until then.
select avg(value) filter ("at" >= $since), avg(value)
from outcomes where value is not null and "at" < $until and list_contains($good::varchar[], outcome)
