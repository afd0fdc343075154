-- What tells a log from any other: how many stays and outcomes it has, and sums over the hashes of all that they say, each
-- by two primes. Asked of DuckDB alone.
with hashes as (
    select hash(id, "case", stage, entered, started, "left", next, via, channel, weight, resource, value, reason, first,
        last) as said
    from stays
    union all
    select hash(id, "case", outcome, "at", until, via, channel, weight, value, reason) from outcomes
)
select (select count(*) from stays) as stays, count(*) as rows, coalesce(sum((said % 4294967291)::bigint), 0) as one,
    coalesce(sum((said % 4294967279)::bigint), 0) as two
from hashes
