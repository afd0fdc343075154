-- Since when a case stands at the exit of its last stage (by its place in $stages), its next step not known.
select "case", list_position($stages::varchar[], stage) - 1 as stage, epoch_us("left") as "at", weight
from stays where last and "left" is not null and next is null and list_contains($stages::varchar[], stage)
