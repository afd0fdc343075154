-- All dated stays as plain numbers: hours since 1970 UTC, places in $stages and $ways (where a case can go). `origin`:
-- where the case came from, -2 its channel or nobody knows, -1 a stage, else a stage that is called like that channel (see
-- `verdict/channels`).
-- Of stays that touch [$since, $until) alone, as if the log began then: who stood there already came at $since, nobody
-- knows from where.
-- Where stays are $hidden until they are over, `known` is when the case's next step was seen, else when it left.
with codes as (
    select unnest($stages::varchar[]) as name, unnest(range(len($stages::varchar[]))) as code
), ways as (
    select unnest($ways::varchar[]) as name, unnest(range(len($ways::varchar[]))) as code
), sources as (
    select name, row_number() over (order by name) - 1 as code
    from (select distinct channel as name from stays where channel is not null) as named
), dated as (
    select "case", stage, entered, started, "left", next, via, weight, channel,
        lead(coalesce(started, "left")) over (partition by "case" order by coalesce(started, "left"), "left", id) as seen
    from stays where $hidden and entered is not null
    union all
    select "case", stage, entered, started, "left", next, via, weight, channel, null::timestamp
    from stays where not $hidden and entered is not null
)
select "case", codes.code::smallint as stage,
    greatest(epoch_us(entered), $since::bigint) / 3.6e9 as entered,
    case when started is null then 'nan'::double else greatest(epoch_us(started), $since::bigint) / 3.6e9 end as started,
    coalesce(epoch_us("left") / 3.6e9, 'inf'::double) as "left", coalesce(ways.code, -1)::smallint as next,
    coalesce(epoch_us(greatest(seen, "left")) / 3.6e9, epoch_us("left") / 3.6e9, 'inf'::double) as known,
    coalesce(weight, 1) as weight,
    case when via is null or via = channel or epoch_us(entered) < $since::bigint then -2
        else coalesce(sources.code, -1) end::int as origin
from dated join codes on codes.name = stage
    left join ways on ways.name = next
    left join sources on sources.name = via
where entered < make_timestamp($until::bigint) and ("left" is null or "left" > make_timestamp($since::bigint))
