-- Per stage and bucket of $width µs since $origin: arrivals, departures, and how long the departed had stayed (µs).
select stage, (epoch_us(entered) - $origin) // $width as bucket, sum(weight) as arrivals, 0.0 as departures,
    0.0 as stayed
from stays where entered is not null group by all
union all
select stage, (epoch_us("left") - $origin) // $width, 0.0, sum(weight),
    sum(weight * (epoch_us("left") - epoch_us(entered)))
from stays where "left" is not null and entered is not null group by all
