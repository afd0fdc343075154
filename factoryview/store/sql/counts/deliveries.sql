-- Per way out of the plant (the stage left, the outcome): when cases went it, how many, by which of $channels (their
-- places; 0: by another), for which of the reasons given (their places; '' where none is), in order of time. In order
-- of the first arrival.
with gone as (
    select via, outcome, "at", weight, channel, coalesce(reason, '') as reason,
        dense_rank() over (partition by via, outcome order by coalesce(reason, '')) - 1 as code
    from outcomes where "at" is not null
), ways as (
    select via, outcome, min("at") as first, list(distinct reason order by reason) as reasons, list({
        'at': epoch_us("at"), 'weight': weight, 'reason': code::int,
        'hue': (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint
    } order by "at", channel) as each
    from gone group by via, outcome
)
select via, outcome, [one.at for one in each] as "at", [one.weight for one in each] as weight,
    [one.hue for one in each] as hue, [one.reason for one in each] as reason, reasons
from ways order by first, via, outcome
