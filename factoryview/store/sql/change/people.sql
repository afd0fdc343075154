-- How many people (resources) did something at each stage on each local day, until $until (µs UTC): stage, day (days since
-- 1970), people. Local time is $ahead µs ahead of UTC from $since until $before (both µs UTC): three lists.
with clocks as (
    select unnest($since::bigint[]) as since, unnest($before::bigint[]) as before, unnest($ahead::bigint[]) as ahead
), done as (
    select stage, resource, epoch_us(coalesce(started, "left")) as began
    from stays where resource is not null and coalesce(started, "left") is not null
)
select stage, (began + ahead) // 86400000000 as day, count(distinct resource) as people
from done join clocks on began >= since and began < before
where began <= $until::bigint
group by all order by 1, 2
