-- Events of other activities stay inside the machine the case is in: the last milestone entered, before the
-- first one the milestone ahead. A run of events in one machine keeps its first; a milestone met again stays.
create or replace temp table folded as
with own as (
    select *, case when stage in (select stage from milestones) then stage end as own from events where time is not null
), carried as (
    select *,
        last_value(own ignore nulls) over (past rows between unbounded preceding and 1 preceding) as before,
        first_value(own ignore nulls) over (past rows between current row and unbounded following) as ahead
    from own window past as (partition by "case" order by time, row)
), labelled as (
    select *, coalesce(own, before, ahead, $other) as machine,
        lag(coalesce(own, before, ahead, $other)) over (partition by "case" order by time, row) as neighbour
    from carried
)
select row, "case", machine as stage, time, start, resource, value, channel, reason, weight
from labelled
where neighbour is distinct from machine or (own is not null and before is not null)
union all by name
select row, "case", stage, time, start, resource, value, channel, reason, weight
from events where time is null
