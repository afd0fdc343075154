-- Every dated stay, the cases one after the other and each in order of entry: its id, the number of its case, and its
-- stage as a place (from 1) in $names; 0: at none of these.
select id, dense_rank() over (order by "case") as number,
    coalesce(list_position($names::varchar[], stage), 0)::int as stage
from stays where entered is not null order by "case", entered, id
