-- Completion: the activity ended now; the stay began at the case's previous event (the first one is of no length).
create or replace table stays as
with steps as (
    select *, lag(stage) over w as previous, lag(time) over w as since, lead(stage) over w as following
    from {events} where time is not null
    window w as (partition by "case" order by time, row)
)
select row as id, "case", stage, coalesce(since, time) as entered, null::timestamp as started, time as "left",
    coalesce(following, case when stage in (select stage from ends) then stage end) as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, following is null as last
from steps
union all by name
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason, true as last
from {events} where time is null;

create or replace table outcomes as
select "case", stage as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from stays where last and "left" is not null and stage in (select stage from ends)
