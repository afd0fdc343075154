-- Every dated event with its place in its case and what follows, and a line per case and per visited activity.
create or replace temp type profile_stage as enum (select distinct stage from events order by stage);

create or replace temp table profile_steps as
select id, stage, time, lead(stage) over past as following, lead(time) over past as until, row_number() over past as place
from (
    select hash("case") as id, stage::profile_stage as stage, start, time, "row" from events where time is not null
)
window past as (partition by id order by {order});

create or replace temp table profile_cases as
select hash("case") as id, min(coalesce(start, time)) as since, max(time) as until, count(time) as steps,
    arg_min(channel, coalesce(time, 'infinity'::timestamp)) as channel
from events group by id;

create or replace temp table profile_visits as
select id, stage, count(*) as times, min(place) as first_place, sum(place) as places, max(time) as latest,
    bool_or(following is null) as stops
from profile_steps group by id, stage;

create or replace temp table profile_undated as
select stage::profile_stage as stage, hash("case") as id, count(*) as times
from events where time is null group by all
