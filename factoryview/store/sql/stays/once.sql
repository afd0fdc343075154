-- Entries without those into the stage that the case is in already: messages tell the present state again and again.
create or replace temp table entries as
select * exclude (before) from (
    select *, lag(stage) over (partition by "case" order by time, row) as before from {events} where time is not null
) where before is distinct from stage
union all by name
select * from {events} where time is null
