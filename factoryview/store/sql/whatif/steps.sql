-- The dated stays that were known at $at, as plain numbers: times in µs, null where unknown or later than $at; cases and
-- people numbered. `closed` is when the case had ended, null while it was open. Stays are known from their entry on,
-- where $began from the start of their work, where $ended when that was over.
with codes as (
    select unnest($stages::varchar[]) as name, unnest(range(len($stages))) as code
), known as (
    select * from stays where entered is not null and case
        when $ended then "left" when $began then coalesce(started, "left") else entered end <= make_timestamp($at)
), ends as (
    select "case", max("at") as closed from outcomes
    where "at" <= make_timestamp($at) and (until is null or until > make_timestamp($at)) group by "case"
)
select dense_rank() over (order by known."case") - 1 as "case", codes.code as stage, epoch_us(entered) as entered,
    epoch_us(coalesce(started, case when $began then "left" end)) as started,
    epoch_us(case when "left" <= make_timestamp($at) then "left" end) as "left",
    case when resource is null then -1 else dense_rank() over (order by resource) end as person,
    epoch_us(ends.closed) as closed
from known join codes on codes.name = stage left join ends on ends."case" = known."case"
order by known.id
