-- Cases whose value, the last that anybody wrote down, lies in [$low, $high]. Of ends at the same moment the one that
-- was not taken back is the last; of ends without a date any one's.
select "case" from (
    select "case", last(value order by moment nulls first, place, until nulls last) as value from (
        select "case", value, entered as moment, id as place, null as until from stays where value is not null
        union all
        select "case", value, "at" as moment, null as place, until from outcomes where value is not null
    ) group by "case"
) where value >= $low and value <= $high
