-- The mirror image of fold_entry: the time before a completion belongs to the milestone ahead, after the last
-- one to that last. A run of events in one machine keeps its last; `start` keeps when the case was first seen.
create or replace temp table folded as
with own as (
    select *, case when stage in (select stage from milestones) then stage end as own from {events} where time is not null
), carried as (
    select *, first_value(time) over past as seen,
        last_value(own ignore nulls) over (past rows between unbounded preceding and current row) as before,
        first_value(own ignore nulls) over (past rows between 1 following and unbounded following) as ahead
    from own window past as (partition by "case" order by time, row)
), labelled as (
    select *, coalesce(own, ahead, before, $other) as machine from carried
), runs as (
    select *, lead(machine) over (partition by "case" order by time, row) as neighbour from labelled
)
select row, "case", machine as stage, time, seen as start,
    resource, value, channel, reason, weight
from runs
where neighbour is distinct from machine or (own is not null and ahead is not null)
union all
select row, "case", case when stage in (select stage from milestones) then stage else $other end as stage, time, start,
    resource, value, channel, reason, weight
from {events} where time is null
