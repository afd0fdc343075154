-- Completion: the activity ended now; the stay began at the case's previous event. The first one is of no length,
-- unless folding left a `start`: the moment the case was first seen. A case has one channel: the first written down.
create or replace {table} {prefix}stays as
select row as id, "case", stage, coalesce(lag(time) over past, start, time) as entered, null::timestamp as started,
    time as "left",
    coalesce(lead(stage) over past, case when stage in (select stage from ends) then stage end) as next,
    coalesce(lag(stage) over past, first_value(channel ignore nulls) over everything) as via,
    first_value(channel ignore nulls) over everything as channel, weight, resource, value, reason,
    lag(stage) over past is null as first, lead(stage) over past is null as last
from {events} where time is not null
window past as (partition by "case" order by time, row),
    everything as (partition by "case" order by time, row rows between unbounded preceding and unbounded following);

insert into {prefix}stays
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason, false as first,
    "case" not in (select "case" from {prefix}stays) as last
from {events} where time is null;

create or replace {table} {prefix}outcomes as
select id, "case", stage as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from {prefix}stays where last and "left" is not null and stage in (select stage from ends)
