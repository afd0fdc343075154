-- Since when a case stands at the exit of its last stage, its next step not known.
select stage, epoch_us("left") as "at", weight
from stays where last and "left" is not null and next is null order by "at"
