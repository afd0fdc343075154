-- How many cases each stage lost to each outcome, with the reason most often given.
select via as stage, outcome, sum(weight) as lost, mode(reason) as reason
from outcomes where via is not null group by all order by lost desc, stage, outcome
