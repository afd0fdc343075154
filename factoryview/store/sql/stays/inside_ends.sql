-- Where the visits of `stays` ended: at the machine or the end to which their case went.
create or replace table outcomes as
select id, "case", next as outcome, "left" as "at", null::timestamp as until, stage as via, channel, weight, value, reason
from stays where last and "left" is not null and next is not null
