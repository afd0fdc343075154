-- All stays, so ordered that those of any window lie together (see `stays/by_span`); undated ones last. Asked of DuckDB
-- alone.
select *, case when entered is null then null when "left" is null then 127
    else (2 * ceil(log2(greatest((epoch_us("left") - epoch_us(entered)) / 3.6e9, 1)) / 2))::tinyint end as span
from {stays} order by span nulls last, entered, id
