-- Every piece of work stays a stay of its own; it is done in the machine of the milestone before it, else ahead.
create or replace temp table folded as
with own as (
    select *, case when stage in (select stage from milestones) then stage end as own
    from {events} where coalesce(start, time) is not null
), carried as (
    select *,
        last_value(own ignore nulls) over (past rows between unbounded preceding and current row) as before,
        first_value(own ignore nulls) over (past rows between current row and unbounded following) as ahead
    from own window past as (partition by "case" order by coalesce(start, time), time, row)
)
select row, "case", coalesce(own, before, ahead, $other) as stage, time, start, resource, value, channel, reason,
    weight
from carried
union all
select row, "case", case when stage in (select stage from milestones) then stage else $other end as stage, time, start,
    resource, value, channel, reason, weight
from {events} where coalesce(start, time) is null
