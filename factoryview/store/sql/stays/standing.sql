-- Of a window in which more stands than can be drawn, rows of one shape. Its stays are put in, with the moment from which
-- on nobody works on one any more (`moment`); of these `stands` is how it stands in the window: 0 it moves, 1 it waits
-- all along, 2 it is worked on all along, 3 it lies all along, 4 it goes and never waits.
--   11 to 13: of those who stand as 1 to 3, `id` and `weight` are how many, `entered` when the last of them came: by how long
--             they have been there.
--   0, 1, 4:  stays, each by itself: all who move, and of those who wait the first of every way, $front or a few more.
--   20:       of a stage, in order of arrival, who waits when the window begins, or the first $shown or a few more: twice the
--             hue, and 1 more where the stay is among the rows above.
with standing as (
    select id, stage, place, entered, started, "left", weight, hue, case
        when entered < $since and moment <= $since then case when "left" >= $until then 3 else 4 end
        when entered < $since and started <> $unknown and started <= $since then
            case when "left" >= $until and moment >= $until then 2 else 4 end
        when entered >= $since or "left" < $until or (started <> $unknown and started < $until) or moment < $until then 0
        else 1 end::smallint as stands
    from ({touching}) as touching
), aged as (
    select stage, place, hue, stands, count(*) as number, sum(weight) as weight, max(entered) as latest
    from standing where stands between 1 and 3
    group by stage, place, hue, stands, ceil(8 * log2(greatest(($since - entered) / 1e6, 1)))
), so_far as (
    select stage, place, latest, sum(number) over (partition by stage order by latest) as at_stage,
        sum(number) over (partition by stage, place order by latest) as of_way
    from aged where stands = 1
), early as (
    select stage, min(case when at_stage > $shown then latest end) as until from so_far group by stage
), fronts as (
    select stage, place, min(case when of_way >= $front then latest end) as until from so_far group by stage, place
), waiting as (
    select standing.*, case when standing.entered <= coalesce(fronts.until, $since) then 1 else 0 end as told
    from standing join fronts on standing.stage = fronts.stage and standing.place = fronts.place
    where standing.stands = 1
), first as (
    select stage, hue * 2 + 1 as code, entered, id from standing where stands = 0 and entered < $since
    union all
    select stage, hue * 2 + told as code, entered, id from waiting
)
select 0::bigint as id, first.stage, 0::smallint as place, 0::bigint as entered, 0::bigint as started, 0::bigint as "left",
    0::double as weight, 0::tinyint as hue, 20::smallint as stands, list(code::smallint order by entered, id) as codes
from first left join early on first.stage = early.stage
where early.until is null or first.entered <= early.until group by first.stage
union all
select number, stage, place, latest, 0::bigint, 0::bigint, weight, hue, (10 + stands)::smallint, null from aged
union all
select id, stage, place, entered, started, "left", weight, hue, stands, null from standing where stands = 0 or stands = 4
union all
select id, stage, place, entered, started, "left", weight, hue, stands, null from waiting where told = 1
