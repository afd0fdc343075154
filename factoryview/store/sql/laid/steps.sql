-- Every event with what came before and after it in its case. Cases are told apart by `id`; where two have the same one,
-- `mixed` says so. Stages, and of other texts those of which there are few, are told by number.
create or replace table {table} as
select row, "case", stage, time, {others}first_value(channel ignore nulls) over everything as channel,
    lag(stage) over past as previous, {since}lead(stage) over past as following,
    lead(time) over past as until, {profiled}
    coalesce(lag("case") over past <> "case", false) as mixed
from (select row, "case", {id} as id, stage::laid_stage as stage, time{texts} from events) as told
window past as (partition by id order by time, row),
    everything as (partition by id order by time, row rows between unbounded preceding and unbounded following)
