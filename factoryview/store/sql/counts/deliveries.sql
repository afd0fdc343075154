-- Every way out of the plant that a case went: a number for the stage left (its place in $vias from 1, the next after the
-- last where it is unknown) times the number of $outcomes and the place of the outcome there from 1, when, by which of
-- $channels (its place; 0: by another), the place of the channel in $every (the next after the last where it is unknown), and
-- the place of the reason in $reasons, in which '' stands for none. In any order.
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
), reasons as (
    select unnest($reasons::varchar[]) as name, unnest(range(len($reasons::varchar[]))) as code
)
select "case", (coalesce(list_position($vias::varchar[], via), $unknown) * $number
        + list_position($outcomes::varchar[], outcome))::int as way,
    epoch_us("at") as "at", weight,
    (coalesce(list_position($channels::varchar[], channel), 1) - 1)::tinyint as hue,
    coalesce(list_position($every::varchar[], channel), $nothing)::int as place, reasons.code::int as why
from gone join reasons on reasons.name = gone.reason
