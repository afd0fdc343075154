-- Per way out of the plant (the stage left, the outcome): when cases went it, how many, by which of $channels (their
-- places; 0: by another), in order of time; and since when which reason has been given most often, as far as at least
-- $smallest cases gave it. In order of the first arrival.
with gone as (
    select via, outcome, min("at") as first, list({
        'at': epoch_us("at"), 'weight': weight,
        'hue': (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint
    } order by "at", channel) as each
    from outcomes where "at" is not null group by via, outcome
), given as (
    select via, outcome, "at", reason,
        sum(weight) over (partition by via, outcome, reason order by "at" rows unbounded preceding) as cases
    from outcomes where "at" is not null and reason <> ''
), ahead as (
    select * from given
    qualify cases > coalesce(max(cases) over (
        partition by via, outcome order by "at", reason, cases rows between unbounded preceding and 1 preceding
    ), 0)
), leaders as (
    select * from ahead where cases >= $smallest
    qualify reason is distinct from lag(reason) over (partition by via, outcome order by "at", reason, cases)
), often as (
    select via, outcome, list({'at': epoch_us("at"), 'reason': reason} order by "at", reason, cases) as reasons
    from leaders group by via, outcome
)
select gone.via, gone.outcome, [one.at for one in each] as "at", [one.weight for one in each] as weight,
    [one.hue for one in each] as hue, [one.at for one in coalesce(reasons, [])] as reason_at,
    [one.reason for one in coalesce(reasons, [])] as reason
from gone left join often on often.outcome = gone.outcome and often.via is not distinct from gone.via
order by first, gone.via, gone.outcome
