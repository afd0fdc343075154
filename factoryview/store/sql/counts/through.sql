-- Of each stage of the table `kpi`, in order of its first row: what came, what went, and in how many buckets some came.
select stage, coalesce(sum(arrivals), 0) as arrivals,
    coalesce(sum(departures), 0) + coalesce(sum(losses), 0) as departures,
    count(*) filter (where arrivals > 0) as buckets
from (select *, row_number() over () as place from kpi)
group by stage order by min(place)
