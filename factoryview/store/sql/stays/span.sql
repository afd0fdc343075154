-- The first and the last moment anything happened, µs; null where nothing has a time.
select
    epoch_us(least(come.first, done.first)) as first,
    epoch_us(greatest(come.last, done.last)) as last
from
    (select min(entered) as first, greatest(max(entered), max("left"), max(started)) as last from stays) as come,
    (select min("at") as first, max("at") as last from outcomes) as done
