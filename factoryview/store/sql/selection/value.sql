-- Cases whose value, the last that anybody wrote down, lies in [$low, $high].
select "case" from (
    select "case", last(value order by moment nulls first, place) as value from (
        select "case", value, entered as moment, id as place from stays where value is not null
        union all
        select "case", value, "at" as moment, null as place from outcomes where value is not null
    ) group by "case"
) where value >= $low and value <= $high
