-- What happens inside the machine $stage, of the stays `raw_stays` of which no activity was folded, and `machines` (of the
-- folded ones the id and the machine): every visit of a case to the machine is a case of its own, that comes from where
-- it came from and ends where it goes to. $meaning: of the times.
create or replace temp table visits as
with placed as (
    select raw.*, machines.stage as known,
        case $meaning when 'completion' then "left" when 'interval' then coalesce(started, entered) else entered end as moment
    from raw_stays as raw left join machines using (id) where entered is not null
), housed as (
    select *, case $meaning
        when 'entry' then last_value(known ignore nulls) over (past rows between unbounded preceding and current row)
        when 'completion' then first_value(known ignore nulls) over (past rows between current row and unbounded following)
        else known end as machine,
        $meaning = 'entry' and next in (select stage from ends) as over
    from placed window past as (partition by "case" order by moment, "left", id)
), stepped as (
    select *, lag(machine) over past as machine_before, lead(machine) over past as machine_after,
        coalesce(lag(over) over past, false) as came_back
    from housed window past as (partition by "case" order by moment, "left", id)
), told as (
    select *, machine_before is distinct from machine or came_back as begins,
        machine_after is distinct from machine or over as ends_here
    from stepped
), numbered as (
    select *, sum(case when begins and machine = $stage then 1 else 0 end) over (
        partition by "case" order by moment, "left", id
    ) as visit
    from told
)
select id, "case" || case when visit > 1 then ' (' || visit || ')' else '' end as "case", stage, entered,
    started, "left", case when not ends_here then lead(stage) over past when over then next
        else coalesce(machine_after, next) end as next,
    case when begins then coalesce(case when first then null else machine_before end, channel, '')
        else lag(stage) over past end as via,
    weight, resource, value, reason, begins as first, ends_here as last
from numbered where machine = $stage window past as (partition by "case", visit order by moment, "left", id)
