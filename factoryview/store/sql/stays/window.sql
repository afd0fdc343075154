-- The stays that touch [$since, $until), in order of arrival, as plain numbers: times in µs, codes of the floor.
with stage_codes as (
    select unnest($stages::varchar[]) as stage, unnest(range(len($stages::varchar[])))::smallint as code
), belt_codes as (
    select unnest($vias::varchar[]) as via, unnest($intos::varchar[]) as stage,
        unnest(range(len($intos::varchar[])))::smallint as code
), channel_codes as (
    select unnest($channels::varchar[]) as channel, unnest(range(len($channels::varchar[])))::tinyint as code
)
select id, stages.code as stage, coalesce(belts.code, -1)::smallint as belt,
    epoch_us(entered) as entered, coalesce(epoch_us(started), $unknown) as started,
    coalesce(epoch_us("left"), $forever) as "left", weight, coalesce(hues.code, 0)::tinyint as hue
from stays
    join stage_codes as stages using (stage)
    left join belt_codes as belts on belts.stage = stays.stage and belts.via is not distinct from stays.via
    left join channel_codes as hues on hues.channel = stays.channel
where entered < make_timestamp($until) and (stays."left" > make_timestamp($since) or stays."left" is null)
order by entered, id
