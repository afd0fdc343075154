-- All dated stays as plain numbers: hours since 1970 UTC, places in $stages and $ways (where a case can go).
with codes as (
    select unnest($stages::varchar[]) as name, unnest(range(len($stages))) as code
), ways as (
    select unnest($ways::varchar[]) as name, unnest(range(len($ways))) as code
)
select codes.code::smallint as stage, epoch_us(entered) / 3.6e9 as entered,
    coalesce(epoch_us(started) / 3.6e9, 'nan'::double) as started,
    coalesce(epoch_us("left") / 3.6e9, 'inf'::double) as "left", coalesce(ways.code, -1)::smallint as next,
    coalesce(weight, 1) as weight, coalesce(last, false) as last,
    via is null or sources.name is not null as first
from stays join codes on codes.name = stage
    left join ways on ways.name = next
    left join (select distinct channel as name from stays where channel is not null) sources on sources.name = via
where entered is not null
