-- Per pair of activities, the smaller name first: cases with both, and those in which it comes first.
-- The enum is made in the order of the names, so its order is theirs. A remainder of unlike numbers takes fifty times as
-- long, and an id is a hash without a sign.
with sample as (
    select id, stage, first_place from profile_visits where (id >> 1)::bigint % $every::bigint = 0
)
select one.stage::varchar, other.stage::varchar, count(*) as "both", count(*) filter (one.first_place < other.first_place)
from sample as one join sample as other on one.id = other.id and one.stage < other.stage
group by one.stage, other.stage
