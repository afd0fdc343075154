-- The log as a whole.
select count(*), min(coalesce(start, time)), max(time), count(distinct resource), count(start) > 0
from events
