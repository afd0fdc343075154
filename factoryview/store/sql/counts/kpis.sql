-- Per stage and outcome, and per bucket: what came, what went, and how long it had stayed. Durations in hours.
-- Time from $origin on is cut into slots of $width µs, so short that at most one bucket begins inside of each: $buckets has
-- the bucket in which each slot begins, $later the one that it is from $after on. To sort all that happened would cost more.
-- What is after the last slot, which ends at $end, is left out; what is in it but not asked for has a bucket beyond the last.
-- Means are taken of whole µs, as their sum is the same in any order.
with slots as (
    select unnest(range(len($buckets::bigint[]))) as slot, unnest($buckets::bigint[]) as before,
        unnest($later::bigint[]) as later, unnest($after::bigint[]) as after
), came as (
    select 'stage' as kind, stage, case when epoch_us(entered) >= after then later else before end as bucket,
        sum(weight) as arrivals
    from stays join slots on slot = (epoch_us(entered) - $origin) // $width
    where entered >= make_timestamp($origin) and entered < make_timestamp($end) group by all
), gone as (
    select 'stage' as kind, stage, case when epoch_us("left") >= after then later else before end as bucket,
        sum(weight) as departures, sum(weight * micros) / sum(weight) / 3.6e9 as stay_mean_h,
        quantile_cont(stayed, 0.5) as stay_p50_h, quantile_cont(stayed, 0.85) as stay_p85_h,
        quantile_cont(waited, 0.5) as wait_p50_h,
        sum(weight * worked) / sum(weight) filter (worked is not null) / 3.6e9 as work_mean_h,
        sum(weight) filter (waited is not null) as waited_for
    from (
        select stage, "left", weight, epoch_us("left") - epoch_us(entered) as micros,
            (epoch_us("left") - epoch_us(entered)) / 3.6e9 as stayed,
            (epoch_us(started) - epoch_us(entered)) / 3.6e9 as waited,
            epoch_us("left") - epoch_us(started) as worked
        from stays where entered is not null
    ) as went join slots on slot = (epoch_us("left") - $origin) // $width
    where "left" >= make_timestamp($origin) and "left" < make_timestamp($end) group by all
), ended as (
    select 'stage' as kind, via as stage, case when epoch_us("at") >= after then later else before end as bucket,
        sum(weight) as losses
    from outcomes join slots on slot = (epoch_us("at") - $origin) // $width
    where "at" >= make_timestamp($origin) and "at" < make_timestamp($end) and via is not null group by all
), reached as (
    select 'outcome' as kind, outcome as stage, case when epoch_us("at") >= after then later else before end as bucket,
        sum(weight) as arrivals
    from outcomes join slots on slot = (epoch_us("at") - $origin) // $width
    where "at" >= make_timestamp($origin) and "at" < make_timestamp($end) group by all
), reopened as (
    select 'outcome' as kind, outcome as stage, case when epoch_us(until) >= after then later else before end as bucket,
        sum(weight) as departures
    from outcomes join slots on slot = (epoch_us(until) - $origin) // $width
    where until >= make_timestamp($origin) and until < make_timestamp($end) group by all
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
