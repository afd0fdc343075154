-- Events of other activities stay inside the machine the case is in: the last milestone entered, before the
-- first one the milestone ahead (unless that is an end: nobody is done before the end).
-- A run of events in one machine keeps its first; a milestone met again stays.
create or replace temp table folded as
with own as (
    select *, case when stage in (select stage from milestones) then stage end as own from {dated}
), carried as (
    select *,
        last_value(own ignore nulls) over (past rows between unbounded preceding and 1 preceding) as before,
        first_value(own ignore nulls) over (past rows between current row and unbounded following) as ahead
    from own window past as (partition by "case" order by time, row)
), labelled as (
    select *, coalesce(own, before, case when ahead not in (select stage from ends) then ahead end, $other) as machine
    from carried
), runs as (
    select *, lag(machine) over (partition by "case" order by time, row) as neighbour from labelled
)
select row, "case", machine as stage, time, start, resource, value, channel, reason, weight
from runs
where neighbour is distinct from machine or (own is not null and before is not null)
union all
select row, "case", case when stage in (select stage from milestones) then stage else $other end as stage, time, start,
    resource, value, channel, reason, weight
from {events} where time is null
