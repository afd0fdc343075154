-- All dated stays as `stays/window` has them, ordered so that those of any window lie together: by how long they lasted,
-- as the even power of two of hours that is not shorter (127: they still last), then by when they began. What all say alike
-- is left out.
select id::{whole} as id, (list_position($stages::varchar[], stage) - 1)::smallint as stage,
    case when via is null then 0 else coalesce(list_position($places::varchar[], via), -1) end::smallint as place,
    epoch_us(entered) as entered, coalesce(epoch_us("left"), $forever) as "left",
    (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue,
    case when "left" is null then 127
        else (2 * ceil(log2(greatest((epoch_us("left") - epoch_us(entered)) / 3.6e9, 1)) / 2))::tinyint end as span{also}
from stays
where entered is not null and list_position($stages::varchar[], stage) is not null
order by span, entered, id
