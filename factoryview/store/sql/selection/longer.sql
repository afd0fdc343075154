-- Cases that took longer than $span µs from first sight to their end, or to $now (µs) where they have not ended.
select "case" from (
    select "case", min(entered) as since from stays where entered is not null group by "case"
) left join (
    select "case" as ended, max("at") as until from outcomes where until is null group by "case"
) on ended = "case"
where coalesce(epoch_us(until), $now) - epoch_us(since) > $span
