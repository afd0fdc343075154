-- Per way out of the plant (the stage left, the outcome): when cases went it, how many, by which of $channels (their
-- places; 0: by another), in order of time; and the reason given most often. In order of the first arrival.
with gone as (
    select via, outcome, min("at") as first, list({
        'at': epoch_us("at"), 'weight': weight,
        'hue': (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint
    } order by "at", channel) as each
    from outcomes where "at" is not null group by via, outcome
), given as (
    select via, outcome, reason, count(*) as times
    from outcomes where "at" is not null and reason <> '' group by via, outcome, reason
), often as (
    select via, outcome, arg_min(reason, {'rarity': -times, 'reason': reason}) as reason from given group by via, outcome
)
select gone.via, gone.outcome, [one.at for one in each] as "at", [one.weight for one in each] as weight,
    [one.hue for one in each] as hue, coalesce(reason, '') as reason
from gone left join often on often.outcome = gone.outcome and often.via is not distinct from gone.via
order by first, gone.via, gone.outcome
