-- All dated stays as plain numbers: hours since 1970 UTC, places in $stages and $ways (where a case can go).
-- Where stays are $hidden until they are over, `known` is when the case's next step was seen, else when it left.
with codes as (
    select unnest($stages::varchar[]) as name, unnest(range(len($stages::varchar[]))) as code
), ways as (
    select unnest($ways::varchar[]) as name, unnest(range(len($ways::varchar[]))) as code
), dated as (
    select stage, entered, started, "left", next, via, weight,
        lead(coalesce(started, "left")) over (partition by "case" order by coalesce(started, "left"), "left", id) as seen
    from stays where $hidden and entered is not null
    union all
    select stage, entered, started, "left", next, via, weight, null::timestamp
    from stays where not $hidden and entered is not null
)
select codes.code::smallint as stage, epoch_us(entered) / 3.6e9 as entered,
    coalesce(epoch_us(started) / 3.6e9, 'nan'::double) as started,
    coalesce(epoch_us("left") / 3.6e9, 'inf'::double) as "left", coalesce(ways.code, -1)::smallint as next,
    coalesce(epoch_us(greatest(seen, "left")) / 3.6e9, epoch_us("left") / 3.6e9, 'inf'::double) as known,
    coalesce(weight, 1) as weight, via is null or sources.name is not null as first
from dated join codes on codes.name = stage
    left join ways on ways.name = next
    left join (select distinct channel as name from stays where channel is not null) sources on sources.name = via
