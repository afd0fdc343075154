-- The stays of a window and how each stands in it: 0 it moves, 1 it waits all along, 2 it is worked on all along, 3 it lies
-- all along, 4 it goes and never waits. Whether it lies (nobody works on it any more): in the beginning, in the end.
select *, case
    when entered < $since and {lies} then case when "left" >= $until then 3 else 4 end
    when entered < $since and started <> $unknown and started <= $since then
        case when "left" >= $until and not {fallen} then 2 else 4 end
    when entered >= $since or "left" < $until or (started <> $unknown and started < $until) or {fallen} then 0
    else 1 end::smallint as stands
from ({touching}) as touching
