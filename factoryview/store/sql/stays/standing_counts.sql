-- Of a table made by `stays/standing`: how many do not move, by how they stand.
select stage, hue, stands, count(*) as number, sum(weight) as weight from {table} where stands between 1 and 3 group by all
