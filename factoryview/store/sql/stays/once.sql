-- Entries without those into the stage that the case is in already: messages tell the present state again and again.
select row, "case", stage, time, start, resource, value, channel, reason, weight from (
    select *, lag(stage) over (partition by "case" order by time, row) as before from {events} where time is not null
) where before is distinct from stage
