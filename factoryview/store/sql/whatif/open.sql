-- Of the cases of steps.sql, in their numbers, that had not ended at $at: their dated stays so far, in order. `open`: it
-- goes on.
with known as (
    select distinct "case" from stays where entered is not null and case
        when $ended then "left" when $began then coalesce(started, "left") else entered end <= make_timestamp($at)
        and list_contains($stages::varchar[], stage)
), numbered as (
    select "case", row_number() over (order by "case") - 1 as number from known
)
select numbered.number, stays."case" as name, stays.id, stays.stage, coalesce(stays.channel, '') as channel, stays.weight,
    "left" is null or "left" > make_timestamp($at) as open
from numbered join stays on stays."case" = numbered."case"
where entered <= make_timestamp($at) and numbered."case" not in (
    select "case" from outcomes where "at" <= make_timestamp($at) and (until is null or until > make_timestamp($at)))
order by numbered.number, entered, id
