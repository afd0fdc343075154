-- The mirror image of fold_entry: the time before a completion belongs to the milestone ahead, after the last
-- one to that last. A run of events in one machine keeps its last.
create or replace temp table folded as
with own as (
    select *, case when stage in (select stage from milestones) then stage end as own from events where time is not null
), carried as (
    select *,
        last_value(own ignore nulls) over (past rows between unbounded preceding and current row) as before,
        first_value(own ignore nulls) over (past rows between 1 following and unbounded following) as ahead
    from own window past as (partition by "case" order by time, row)
), labelled as (
    select *, coalesce(own, ahead, before, $other) as machine,
        lead(coalesce(own, ahead, before, $other)) over (partition by "case" order by time, row) as neighbour
    from carried
)
select row, "case", machine as stage, time, start, resource, value, channel, reason, weight
from labelled
where neighbour is distinct from machine or (own is not null and ahead is not null)
union all by name
select row, "case", stage, time, start, resource, value, channel, reason, weight
from events where time is null
