-- Which events there are up to row $until (null: all): the last row, how many, and sums over the hashes of all that they
-- say, each by two primes. Asked of DuckDB alone.
with hashes as (
    select row, hash(row, "case", stage, time, resource, value, channel, reason, weight) as said
    from events where $until::bigint is null or row <= $until::bigint
)
select max(row), count(*), coalesce(sum((said % 4294967291)::bigint), 0), coalesce(sum((said % 4294967279)::bigint), 0)
from hashes
