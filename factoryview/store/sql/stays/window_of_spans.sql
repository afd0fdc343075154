-- As `stays/window`, of kept stays, which lie in the order of how long they lasted.
select {columns} from (
    select id::{whole} as id, (list_position($stages::varchar[], stage) - 1)::smallint as stage,
        case when via is null then 0 else coalesce(list_position($places::varchar[], via), -1) end::smallint as place,
        epoch_us(entered) as entered, coalesce(epoch_us("left"), $forever) as "left",
        (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue{also}
    from ({parts}) as stays
    where list_position($stages::varchar[], stage) is not null
) as coded
