-- Every dated outcome, and when the case was reopened (null: never).
select outcome, epoch_us("at") as "at", epoch_us(until) as until, weight
from outcomes where "at" is not null order by "at"
