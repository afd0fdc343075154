-- When each case was first seen.
select epoch_us(min(moment)) as "at", max(weight) as weight from (
    select "case", entered as moment, weight from stays where entered is not null
    union all select "case", "at", weight from outcomes where "at" is not null
) group by "case" order by "at"
