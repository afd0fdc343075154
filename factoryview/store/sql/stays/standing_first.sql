-- Of a table made by `stays/standing`: the first who wait when the window begins, stage by stage in order of arrival, and
-- whether `stays/standing_each` tells them, too.
select stage, hue, case when stands = 0 or nth <= $front then 1 else 0 end::smallint as told from (
    select *, row_number() over (partition by stage, place, stands order by entered, id) as nth
    from {table} where stands in (0, 1) and entered < $since and ({early})
) as waiting order by stage, entered, id
