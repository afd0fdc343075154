-- The cases that came in from outside: when, into which of $stages, and by which of $channels ('' for none known;
-- 0: by another).
-- Counts have no cases: there every stay is a first one, but only those of the first stage came in from outside.
select "case", epoch_us(entered) as "at", coalesce(list_position($channels::varchar[], coalesce(channel, '')), 0) as channel,
    list_position($stages::varchar[], stage) as stage, weight
from stays where first and stage in (select unnest($stages::varchar[])) and (via is null or via not in (select unnest($stages::varchar[])))
