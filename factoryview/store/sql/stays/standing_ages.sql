-- Of a table made by `stays/standing`: those who wait all along, by how long they have been there, the oldest first: so many,
-- of whom the last came then, µs.
select stage, place, count(*) as number, max(entered) as latest
from {table} where stands = 1
group by stage, place, ceil(8 * log2(greatest(($since - entered) / 1e6, 1)))
order by latest
