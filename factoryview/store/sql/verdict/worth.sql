-- What the cases that ended in [$since, $until) cost, by $prices of a visit to each of $names, against their value.
with ended as (
    select "case", outcome, max("at") as "at", max(channel) as channel, max(value) as value
    from outcomes where "at" >= $since and "at" < $until group by all
), price as (
    select unnest($names::varchar[]) as stage, unnest($prices::double[]) as price
), spent as (
    select stays."case", sum(price) as cost from stays semi join ended using ("case") join price using (stage) group by 1
), each as (
    select coalesce(cost, 0) as cost, value from ended left join spent using ("case")
)
select count(*), avg(cost), count(*) filter (cost > value), avg(cost) filter (cost > value),
    avg(value) filter (cost > value)
from each
