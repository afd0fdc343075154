-- In which hours (by their begins, µs UTC) something came or went since stays had grown $after times. Asked of kept stays.
select epoch_us(hour) as hour from touched where growth > $after::bigint order by hour
