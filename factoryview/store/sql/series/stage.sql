-- Every dated stay at $stage, in order of entry; times in µs, null where unknown or still to come.
select id, epoch_us(entered) as entered, epoch_us(started) as started, epoch_us("left") as "left",
    coalesce(weight, 1)::double as weight
from stays where stage = $stage and entered is not null
order by entered, id
