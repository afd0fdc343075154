-- Every way out of the plant that a case went: the stage left and the outcome (and a number for the two together), when,
-- by which of $channels (its place; 0: by another) and the place of the channel among all, and for which reason ('' where
-- none is given; with a number in their order). In any order.
-- Where the log shows the end as work of its own, cases come to it from the stage before.
with ended as (
    select "case", stage, "left", max(via) as via from stays
    where not first and stage in (select outcome from outcomes where via = outcome) group by all
), gone as (
    select outcomes."case", coalesce(ended.via, outcomes.via) as via, outcome, "at", weight, channel,
        coalesce(reason, '') as reason
    from outcomes left join ended
        on ended."case" = outcomes."case" and ended.stage = outcome and ended."left" = "at" and outcomes.via = outcome
    where "at" is not null
)
select "case", via, outcome, dense_rank() over (order by via nulls last, outcome)::int as way, epoch_us("at") as "at",
    weight, (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue,
    dense_rank() over (order by channel nulls last)::int as place, reason,
    dense_rank() over (order by reason)::int as "why"
from gone
