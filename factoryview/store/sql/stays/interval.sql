-- Interval: waiting runs from the end of the case's earlier work (at the latest its own start) to the start.
-- The case is over when its last piece of work, by its end, was at an end. A case has one channel: the first known.
create or replace temp table steps as
select row, "case", stage, time, start, first_value(channel ignore nulls) over everything as channel, weight, resource,
    value, reason, coalesce(start, time) as begun,
    lag(stage) over past as previous, lead(stage) over past as following,
    max(coalesce(time, 'infinity'::timestamp)) over (past rows between unbounded preceding and 1 preceding) as busy,
    row_number() over (
        partition by "case" order by coalesce(time, 'infinity'::timestamp) desc, coalesce(start, time) desc, row desc
    ) = 1 as closing
from {events} where coalesce(start, time) is not null
window past as (partition by "case" order by coalesce(start, time), time, row),
    everything as (
        partition by "case" order by coalesce(start, time), time, row
        rows between unbounded preceding and unbounded following
    );

create or replace {table} {prefix}stays as
select row as id, "case", stage, least(begun, coalesce(busy, begun)) as entered, start as started, time as "left",
    case when not closing then following when time is not null and stage in (select stage from ends) then stage end
        as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, previous is null as first,
    closing as last
from steps
union all
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason, false as first,
    "case" not in (select "case" from steps) as last
from {events} where coalesce(start, time) is null;

drop table steps;

create or replace {table} {prefix}outcomes as
select id, "case", stage as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from {prefix}stays where last and "left" is not null and stage in (select stage from ends)
