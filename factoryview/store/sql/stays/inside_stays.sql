-- The stays inside a machine, of the table `visits`: a case has the channel that it came by. Activities that have no
-- machine of their own, in the table `others`, are at $other.
create or replace table stays as
with named as (
    select id, "case", case when stage in (select activity from others) then $other else stage end as stage, entered, started,
        "left", case when next in (select activity from others) then $other else next end as next,
        case when not first and via in (select activity from others) then $other else nullif(via, '') end as via,
        weight, resource, value, reason, first, last
    from visits
)
select *, first_value(via) over (
    partition by "case" order by case when first then 0 else 1 end rows between unbounded preceding and unbounded following
) as channel from named
