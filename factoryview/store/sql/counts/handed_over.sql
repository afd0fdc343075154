-- Per hand-over (from `via` to `stage`): the visits that ended in [$since, $until) µs, and how many of them went back: to a
-- stage where their case had been before it came to this one for the first time. Counts (ids above $counted_after) are
-- left out: their cases are not told apart.
with earliest as (
    select "case", stage, min(entered) as at from stays where entered is not null and id <= $counted_after group by all
)
select via as origin, stays.stage, sum(weight) as visits, coalesce(sum(weight) filter (back.at < here.at), 0) as returned
from stays join earliest here on here."case" = stays."case" and here.stage = stays.stage
    left join earliest back on back."case" = stays."case" and back.stage = next
where not first and via <> stays.stage and id <= $counted_after
    and "left" >= make_timestamp($since) and "left" < make_timestamp($until)
group by all
