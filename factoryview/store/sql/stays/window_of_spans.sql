-- As `stays/window`, of kept stays, which lie in the order of how long they lasted: {parts} has those of a window.
select id, (list_position($stages::varchar[], stage) - 1)::smallint as stage,
    case when via is null then 0 else coalesce(list_position($places::varchar[], via), -1) end::smallint as place,
    epoch_us(entered) as entered, coalesce(epoch_us(started), $unknown) as started,
    coalesce(epoch_us("left"), $forever) as "left", weight,
    (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue
from ({parts}) as stays
where list_position($stages::varchar[], stage) is not null
