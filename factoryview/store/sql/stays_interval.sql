-- Interval: waiting runs from the end of the case's earlier work (at the latest its own start) to the start.
-- The case is over when its last piece of work, by its end, was at an end.
create or replace table stays as
with steps as (
    select *, coalesce(start, time) as begun,
        lag(stage) over w as previous, lead(stage) over w as following,
        max(coalesce(time, 'infinity'::timestamp)) over (w rows between unbounded preceding and 1 preceding) as busy
    from {events} where coalesce(start, time) is not null
    window w as (partition by "case" order by coalesce(start, time), time, row)
), closing as (
    select "case", arg_max(row, (coalesce(time, 'infinity'::timestamp), begun, row)) as row from steps group by "case"
)
select steps.row as id, steps."case", stage, least(begun, coalesce(busy, begun)) as entered, start as started,
    time as "left",
    case when closing.row is null then following
        when time is not null and stage in (select stage from ends) then stage end as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, closing.row is not null as last
from steps left join closing on steps.row = closing.row;

create or replace table outcomes as
select "case", stage as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from stays where last and "left" is not null and stage in (select stage from ends)
