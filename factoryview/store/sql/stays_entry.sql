-- Entry: the case entered the stage now and leaves it with its next event. Ends are outcomes, not stays.
create or replace temp table steps as
select *, lag(stage) over w as previous, lead(stage) over w as following, lead(time) over w as until
from {events} where time is not null
window w as (partition by "case" order by time, row);

create or replace table stays as
select row as id, "case", stage, time as entered, null::timestamp as started, until as "left", following as next,
    coalesce(previous, channel) as via, channel, weight, resource, value, reason, following is null as last
from steps where stage not in (select stage from ends)
union all by name
select row as id, "case", stage, null::timestamp as entered, null::timestamp as started, null::timestamp as "left",
    null::varchar as next, channel as via, channel, weight, resource, value, reason, true as last
from {events} where time is null;

create or replace table outcomes as
select "case", stage as outcome, time as "at", until, previous as via, channel, weight, value, reason
from steps where stage in (select stage from ends);

drop table steps;
