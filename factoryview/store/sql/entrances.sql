-- The first stay of every case: when, and by which channel.
select epoch_us(min(entered)) as "at", arg_min(channel, entered) as channel, any_value(weight) as weight
from stays where entered is not null group by "case" order by "at"
