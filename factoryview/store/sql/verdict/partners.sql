-- The cases that ended in [$since, $until) by channel: number, share in $good, median lead time (h), value.
-- Channels with fewer than $smallest are together in $others.
with ended as (
    select "case", outcome, max("at") as "at", max(channel) as channel, max(value) as value
    from outcomes where "at" >= $since and "at" < $until group by all
), seen as (
    select stays."case", min(entered) as first from stays semi join ended using ("case") group by 1
)
select case when n < $smallest then $others else channel end as channel, count(*),
    avg(list_contains($good::varchar[], outcome)::int), quantile_cont(epoch_us("at") - epoch_us(first), 0.5) / 3.6e9, sum(value)
from (select *, count(*) over (partition by channel) as n from ended) join seen using ("case")
where channel is not null group by 1 having count(*) >= $smallest order by 2 desc
