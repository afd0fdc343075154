-- How many people (resources) did something at each stage on each day that is local to $offset (µs ahead of UTC), until
-- $until (µs): stage, day (days since 1970), people.
select stage, (epoch_us(coalesce(started, "left")) + $offset::bigint) // 86400000000 as day,
    count(distinct resource) as people
from stays
where resource is not null and coalesce(started, "left") is not null
    and epoch_us(coalesce(started, "left")) <= $until::bigint
group by all order by 1, 2
