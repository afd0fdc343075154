-- The ways that cases took: the stages one after the other (stays at a stage right after one another count once), where
-- they stand in the end ('' where at no outcome), how many they were, and the median of their lead times in µs (null where
-- none has ended). Of what was known at $at (µs) alone; the commonest first, as many as $most.
with seen as (
    select "case", stage, entered, id, weight, lag(stage) over (partition by "case" order by entered, id) as before
    from stays where entered is not null and entered <= make_timestamp($at) and id <= $counted_after
), path as (
    select "case", list(stage order by entered, id) as stages, min(weight) as weight from seen
    where before is distinct from stage group by "case"
), ended as (
    select "case", arg_min(outcome, -epoch_us("at")) as outcome, max("at") as "at" from outcomes
    where "at" <= make_timestamp($at) and (until is null or until > make_timestamp($at)) group by "case"
), begun as (
    select "case", min(entered) as first from seen group by "case"
)
select stages, coalesce(outcome, '') as outcome, sum(weight) as cases,
    percentile_cont(0.5) within group (order by epoch_us("at") - epoch_us(first)) as lead, sum(sum(weight)) over () as every
from path join begun using ("case") left join ended using ("case")
group by stages, outcome order by cases desc, stages, outcome limit $most
