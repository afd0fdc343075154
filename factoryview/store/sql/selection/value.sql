-- Cases whose value, the last that anybody wrote down, lies in [$low, $high]. What has no date comes before all that has
-- one; at the same moment the order of the log holds, of entries and ends alike.
select "case" from (
    select "case", last(value order by moment nulls first, id) as value from (
        select "case", value, entered as moment, id from stays where value is not null
        union all
        select "case", value, "at" as moment, id from outcomes where value is not null
    ) group by "case"
) where value >= $low and value <= $high
