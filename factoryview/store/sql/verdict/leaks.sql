-- Cases lost (outcome in $bad) in [$since, $until) by stage, reason and outcome, beside those since $before. Where the
-- log shows the end as work of its own (via = outcome), they are lost at the stage before it.
with ended as (
    select "case", stage, "left", max(via) as via from stays
    where not first and stage in (select unnest($bad::varchar[])) and "left" >= $before and "left" < $until group by all
), lost as (
    select coalesce(ended.via, outcomes.via) as stage, reason, outcome, channel, weight, value, "at" >= $since as recent
    from outcomes left join ended
        on ended."case" = outcomes."case" and ended.stage = outcome and ended."left" = "at" and outcomes.via = outcome
    where outcome in (select unnest($bad::varchar[])) and "at" >= $before and "at" < $until
), gone as (
    select stage, sum(weight) as cases from stays where "left" >= $since and "left" < $until group by 1
)
select lost.stage, reason, outcome,
    coalesce(sum(weight) filter (recent), 0) as cases, sum(value * weight) filter (recent) as value,
    coalesce(sum(weight) filter (not recent), 0) as before, max(gone.cases) as leaving,
    max(often.name) as channel, coalesce(sum(weight) filter (recent and channel = common.name), 0) as of_channel
from lost left join gone on gone.stage = lost.stage
    left join (
        select stage as at_stage, reason as why, outcome as into_end, channel as name,
            row_number() over (partition by stage, reason, outcome order by count(*) desc, channel) as place
        from lost where recent and channel is not null group by stage, reason, outcome, channel
    ) often on often.place = 1 and often.at_stage is not distinct from lost.stage
        and often.why is not distinct from lost.reason and often.into_end = lost.outcome
    left join (
        select stage as at_stage, reason as why, channel as name,
            row_number() over (partition by stage, reason order by count(*) desc, channel) as place
        from lost where recent and channel is not null group by stage, reason, channel
    ) common on common.place = 1 and common.at_stage is not distinct from lost.stage
        and common.why is not distinct from lost.reason
group by lost.stage, reason, outcome
order by cases desc, lost.stage, reason
