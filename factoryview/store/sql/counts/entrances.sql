-- The cases that came in from outside: when, into which of $stages, and by which of $channels ('' for none known; from 1),
-- as a source: $rest stands for another.
-- Counts have no cases: there every stay is a first one, but only those of the first stage came in from outside.
select "case", epoch_us(entered) as "at",
    coalesce(list_position($channels::varchar[], coalesce(channel, '')), $rest)::int as source,
    list_position($stages::varchar[], stage)::int as stage, weight
from stays where first and stage in (select unnest($stages::varchar[])) and (via is null or via not in (select unnest($stages::varchar[])))
