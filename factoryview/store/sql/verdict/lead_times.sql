-- Of the cases that ended in [$since, $until): how many, the median and the 85th percentile of their lead time (h).
with ended as (
    select "case", outcome, max("at") as "at", max(channel) as channel, max(value) as value
    from outcomes where "at" >= $since and "at" < $until group by all
), seen as (
    select stays."case", min(entered) as first from stays semi join ended using ("case") group by 1
)
select count(*), quantile_cont(epoch_us("at") - epoch_us(first), 0.5) / 3.6e9,
    quantile_cont(epoch_us("at") - epoch_us(first), 0.85) / 3.6e9
from ended join seen using ("case")
