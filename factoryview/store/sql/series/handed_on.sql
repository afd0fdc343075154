-- Of every case that $stage handed over to another stage: when the other one was done with it (µs), its weight, and
-- whether it went back then, to a stage where it had been before it first came to the other one. In order of time.
-- Counts (ids above $counted_after) are left out: their cases are not told apart.
with mine as (
    select * from stays where via = $stage and stage <> $stage and not first and "left" is not null
        and id <= $counted_after
), earliest as (
    select "case", stage, min(entered) as since from stays
    where entered is not null and id <= $counted_after and "case" in (select "case" from mine) group by all
)
select epoch_us("left") as "at", weight, coalesce(back.since < here.since, false) as returned
from mine join earliest here on here."case" = mine."case" and here.stage = mine.stage
    left join earliest back on back."case" = mine."case" and back.stage = next
order by 1
