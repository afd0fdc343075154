-- The names of what `counts/deliveries` tells by number: stages and what else was left for an outcome (of ends that the log
-- shows as work of their own the outcome; `stays/flows` has what was left for them), outcomes, channels and reasons ('' where
-- none is given). In any order; null where that is unknown.
select distinct 'via' as kind, via as name from outcomes
union all
select distinct 'outcome', outcome from outcomes
union all
select distinct 'channel', channel from outcomes
union all
select distinct 'reason', coalesce(reason, '') from outcomes
