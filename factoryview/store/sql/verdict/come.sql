-- How many dated stays began in each hour in which any did, told by its end (hours since 1970 UTC), in order of time.
select ceil(epoch_us(entered) / 3.6e9)::bigint as hour, count(*) as number
from stays where entered is not null group by all order by 1
