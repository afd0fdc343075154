-- Entry: the case entered the stage now and leaves it with its next event. Ends are outcomes, not stays; a case that
-- goes on after its outcome is reopened by its next event. A case has one channel: the first that anybody wrote down.
create or replace temp table steps as
select row, "case", stage, time, first_value(channel ignore nulls) over everything as channel, weight, resource, value,
    reason,
    lag(stage) over past as previous, lead(stage) over past as following, lead(time) over past as until
from {dated}
window past as (partition by "case" order by time, row),
    everything as (partition by "case" order by time, row rows between unbounded preceding and unbounded following);

create or replace {table} {prefix}stays as
select row as id, "case", stage, time as entered, null::timestamp as started, until as "left", following as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, previous is null as first,
    following is null as last
from steps where stage not in (select stage from ends)
union all
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason, false as first,
    "case" not in (select "case" from steps) as last
from {events} where time is null and stage not in (select stage from ends);

create or replace {table} {prefix}outcomes as
select row as id, "case", stage as outcome, time as "at", until, previous as via, channel, weight, value, reason
from steps where stage in (select stage from ends)
union all
select row as id, "case", stage as outcome, null::timestamp as "at", null::timestamp as until, null::varchar as via, channel,
    weight, value, reason
from {events} where time is null and stage in (select stage from ends);

drop table steps;
