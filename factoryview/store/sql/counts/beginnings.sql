-- When each case was first seen.
select "case", epoch_us(entered) as "at", weight from stays where first
union all
select "case", epoch_us("at"), weight from outcomes where via is null and "at" is not null
