-- Every dated stay at $stage, in order of entry; times in µs, null where unknown or still to come. Where it came from,
-- where it went and by which channel its case came in are places (from 1) in $names and $channels; 0: none of these.
select id, epoch_us(entered) as entered, epoch_us(started) as started, epoch_us("left") as "left",
    coalesce(weight, 1)::double as weight, coalesce(value, 'nan'::double) as value,
    coalesce(list_position($names::varchar[], case when not first then via end), 0)::int as via,
    coalesce(list_position($names::varchar[], next), 0)::int as next,
    coalesce(list_position($channels::varchar[], channel), 0)::int as channel
from stays where stage = $stage and entered is not null
order by entered, id
