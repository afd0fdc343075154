-- How often one activity is the next event after another, and how many hours lie between them in all.
select stage::varchar, following::varchar, count(*) as moves, sum(greatest(epoch_us(until) - epoch_us(time), 0)) / 3.6e9
from profile_steps where following is not null
group by stage, following
order by moves desc, 1, 2
