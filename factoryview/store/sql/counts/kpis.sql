-- Per stage and outcome, and per bucket (its place in $edges, µs): what came, what went, and how long it had stayed.
-- Durations in hours.
with edges as (
    select make_timestamp(unnest($edges::bigint[])) as since, unnest(range(len($edges::bigint[]))) as bucket
), came as (
    select 'stage' as kind, stage, bucket, sum(weight) as arrivals
    from stays asof join edges on entered >= since group by all
), gone as (
    select 'stage' as kind, stage, bucket, sum(weight) as departures, sum(weight * stayed) / sum(weight) as stay_mean_h,
        quantile_cont(stayed, 0.5) as stay_p50_h, quantile_cont(stayed, 0.85) as stay_p85_h,
        quantile_cont(waited, 0.5) as wait_p50_h,
        sum(weight * worked) / sum(weight) filter (worked is not null) as work_mean_h,
        sum(weight) filter (waited is not null) as waited_for
    from (
        select stage, "left", weight, (epoch_us("left") - epoch_us(entered)) / 3.6e9 as stayed,
            (epoch_us(started) - epoch_us(entered)) / 3.6e9 as waited,
            (epoch_us("left") - epoch_us(started)) / 3.6e9 as worked
        from stays where entered is not null
    ) asof join edges on "left" >= since group by all
), ended as (
    select 'stage' as kind, via as stage, bucket, sum(weight) as losses
    from outcomes asof join edges on "at" >= since where via is not null group by all
), reached as (
    select 'outcome' as kind, outcome as stage, bucket, sum(weight) as arrivals
    from outcomes asof join edges on "at" >= since group by all
), reopened as (
    select 'outcome' as kind, outcome as stage, bucket, sum(weight) as departures
    from outcomes asof join edges on until >= since group by all
)
select kind, stage, bucket, sum(arrivals) as arrivals, sum(departures) as departures, sum(losses) as losses,
    max(stay_mean_h) as stay_mean_h, max(stay_p50_h) as stay_p50_h, max(stay_p85_h) as stay_p85_h,
    max(wait_p50_h) as wait_p50_h, max(work_mean_h) as work_mean_h, sum(waited_for) as waited_for
from (
    select kind, stage, bucket, arrivals, null::double as departures, null::double as losses,
        null::double as stay_mean_h, null::double as stay_p50_h, null::double as stay_p85_h,
        null::double as wait_p50_h, null::double as work_mean_h, null::double as waited_for from came
    union all
    select kind, stage, bucket, null, departures, null, stay_mean_h, stay_p50_h, stay_p85_h, wait_p50_h, work_mean_h,
        waited_for from gone
    union all
    select kind, stage, bucket, null, null, losses, null, null, null, null, null, null from ended
    union all
    select kind, stage, bucket, arrivals, null, null, null, null, null, null, null, null from reached
    union all
    select kind, stage, bucket, null, departures, null, null, null, null, null, null, null from reopened
) as each
group by kind, stage, bucket
