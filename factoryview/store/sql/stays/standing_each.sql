-- Of a table made by `stays/standing`: all who move, and of those who wait all along the first $front of every way.
select id, stage, place, entered, started, "left", weight, hue, stands from {table} where stands in (0, 4)
union all
select id, stage, place, entered, started, "left", weight, hue, stands from (
    select *, row_number() over (partition by stage, place order by entered, id) as nth
    from {table} where stands = 1 and ({early})
) as waiting where nth <= $front
order by entered, id
