-- Of each case the first and the last moment anything happened, µs.
select "case", epoch_us(min(first)) as first, epoch_us(max(last)) as last from (
    select "case", min(entered) as first, greatest(max(entered), max("left"), max(started)) as last
    from stays group by "case"
    union all
    select "case", min("at"), max("at") from outcomes group by "case"
) group by "case" having min(first) is not null
