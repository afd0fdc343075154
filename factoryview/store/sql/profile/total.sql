-- The log as a whole.
select count(*), min(coalesce(start, time)), max(time), count(start) > 0
from events
