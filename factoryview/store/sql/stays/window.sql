-- The stays that touch [$since, $until), in order of arrival, as plain numbers: times in µs, codes of the floor.
-- Codes are looked up in lists and not joined: a join leaves some kB in the memory of DuckDB's buffers each time.
select id, (list_position($stages::varchar[], stage) - 1)::smallint as stage,
    case when via is null then 0 else coalesce(list_position($places::varchar[], via), -1) end::smallint as place,
    epoch_us(entered) as entered, coalesce(epoch_us(started), $unknown) as started,
    coalesce(epoch_us("left"), $forever) as "left", weight,
    (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue
from stays
where entered < make_timestamp($until) and ("left" > make_timestamp($since) or "left" is null)
    and list_position($stages::varchar[], stage) is not null
order by entered, id
