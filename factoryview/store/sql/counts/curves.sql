-- The counts of stages outside $without, in order of the stage's first row and of time; moments in µs.
select stage, epoch_us(bucket) as since, epoch_us(bucket_end) as until, arrivals, departures, losses, wip, place
from (select *, row_number() over () as place from kpi)
where not list_contains($without::varchar[], stage)
order by min(place) over (partition by stage), bucket
