-- Per way out of the plant (the stage left, the outcome): when cases went it, how many, by which of $channels (their
-- places; 0: by another), for which of the reasons given (their places; '' where none is), in order of time. In order
-- of the first arrival.
-- Where the log shows the end as work of its own, cases come to it from the stage before.
with ended as (
    select "case", stage, "left", any_value(via) as via from stays
    where not first and stage in (select outcome from outcomes where via = outcome) group by all
), way as (
    select coalesce(ended.via, outcomes.via) as via, outcome, "at", weight, channel, coalesce(reason, '') as reason
    from outcomes left join ended
        on ended."case" = outcomes."case" and ended.stage = outcome and ended."left" = "at" and outcomes.via = outcome
    where "at" is not null
), gone as (
    select *, dense_rank() over (partition by via, outcome order by reason) - 1 as code from way
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
