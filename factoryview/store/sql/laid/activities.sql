-- As `profile/activities`, of events that are laid in the order of their cases in {table} and all have their moment.
with told as (
    select hash("case") as id, stage, place, steps, following, following is null or epoch_us(ended - time) <= greatest(
        epoch_us(ended - begun) / 100, least(epoch_us(ended - begun) / 10, 3600e6)
    ) as soon from {table}
), seen as (
    select stage, count(*) as events, count(*) filter (place = 1) as begun, count(*) filter (following is null) as stopped,
        sum((place - 1) / (steps - 1)) filter (steps > 1) / count(*) filter (steps > 1) as position
    from told group by stage
), visits as (
    select stage, count(*) as cases, count(*) filter (soon) as soon
    from (select stage, bool_or(soon) as soon from told group by id, stage) as each group by stage
)
select stage::varchar, events, cases, begun, stopped, soon, coalesce(position, 0)::double
from seen join visits using (stage)
order by events desc, stage::varchar
