-- Per stage and bucket of $width µs since $origin: how long those that left had been at work (µs × weight), and how
-- many they were; only visits whose start is known.
select stage, (epoch_us("left") - $origin) // $width as bucket,
    sum(weight * (epoch_us("left") - epoch_us(started))) as worked, sum(weight) as served
from stays where "left" is not null and started is not null and entered is not null group by all
