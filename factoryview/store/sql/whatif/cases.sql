-- The cases of steps.sql, in their numbers: channel, value, and how each had ended at $at (null: it was open).
with known as (
    select distinct "case" from stays where entered is not null and case
        when $ended then "left" when $began then coalesce(started, "left") else entered end <= make_timestamp($at)
        and list_contains($stages::varchar[], stage)
), numbered as (
    select "case", row_number() over (order by "case") - 1 as number from known
), ends as (
    select "case", arg_min(outcome, -epoch_us("at")) as outcome, max(value) as value from outcomes
    where "at" <= make_timestamp($at) and (until is null or until > make_timestamp($at)) group by "case"
), seen as (
    select "case", min(channel) as channel, max(value) as value from stays
    where entered <= make_timestamp($at) group by "case"
)
select seen.channel, coalesce(ends.value, seen.value) as value, ends.outcome
from numbered left join seen on seen."case" = numbered."case" left join ends on ends."case" = numbered."case"
order by numbered.number
