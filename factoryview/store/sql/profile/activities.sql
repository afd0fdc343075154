-- Per activity: events, cases, begun, stopped, ended soon after, mean relative position.
-- Soon after: within one hundredth of the case's duration, or within an hour where an hour is at most a tenth of it.
with dated as (
    select visits.stage, sum(times) as events, count(*) as cases, count(*) filter (first_place = 1) as begun,
        count(*) filter (stops) as stopped,
        count(*) filter (
            stops or epoch_us(until - latest) <= greatest(
                epoch_us(until - since) / 100, least(epoch_us(until - since) / 10, 3600e6)
            )
        ) as soon,
        sum((places - times) / (steps - 1)) filter (steps > 1) / sum(times) filter (steps > 1) as position
    from profile_visits as visits join profile_cases using (id)
    group by visits.stage
), undated as (
    select stage, sum(lost.times) as events, count(*) filter (visits.id is null) as cases
    from profile_undated as lost left join profile_visits as visits using (id, stage)
    group by stage
)
select stage::varchar, (coalesce(dated.events, 0) + coalesce(undated.events, 0))::bigint as events,
    coalesce(dated.cases, 0) + coalesce(undated.cases, 0), coalesce(begun, 0), coalesce(stopped, 0),
    coalesce(soon, 0), coalesce(position, 0)::double
from dated full join undated using (stage)
order by events desc, stage::varchar
