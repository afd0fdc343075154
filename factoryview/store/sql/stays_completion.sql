-- Completion: the activity ended now; the stay began at the case's previous event. The first one is of no length,
-- unless folding left a `start`: the moment the case was first seen. A case has one channel: the first written down.
create or replace temp table steps as
select * replace (first_value(channel ignore nulls) over everything as channel),
    lag(stage) over past as previous, lag(time) over past as since, lead(stage) over past as following
from {events} where time is not null
window past as (partition by "case" order by time, row),
    everything as (partition by "case" order by time, row rows between unbounded preceding and unbounded following);

create or replace table stays as
select row as id, "case", stage, coalesce(since, start, time) as entered, null::timestamp as started, time as "left",
    coalesce(following, case when stage in (select stage from ends) then stage end) as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, following is null as last
from steps
union all by name
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason,
    "case" not in (select "case" from steps) as last
from {events} where time is null;

drop table steps;

create or replace table outcomes as
select "case", stage as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from stays where last and "left" is not null and stage in (select stage from ends)
