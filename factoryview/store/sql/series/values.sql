-- How much the cases are worth that $share of them are worth at most, of the value last written down; null of none.
select quantile_disc(value, $share::double) as most, count(*) as cases from (
    select last(value order by moment nulls first, id) as value from (
        select "case", value, entered as moment, id from stays where value is not null
        union all
        select "case", value, "at" as moment, id from outcomes where value is not null
    ) group by "case"
)
