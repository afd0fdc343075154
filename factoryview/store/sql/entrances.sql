-- The first stay of every case: when, by which channel, and from which stage (counts have no cases: there every stay
-- is a first one, but only those of the first stage came in from outside).
select epoch_us(min(entered)) as "at", arg_min(channel, entered) as channel, any_value(weight) as weight,
    arg_min(via, entered) as via
from stays where entered is not null group by "case" order by "at"
