-- How often one activity is the next event after another.
select stage::varchar, following::varchar, count(*) as moves
from profile_steps where following is not null
group by stage, following
order by moves desc, 1, 2
