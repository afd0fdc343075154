-- When each case came over the belts given and was picked up (hours), of those that left only every n-th.
select belts.code, epoch_us(entered) / 3.6e9 as entered,
    coalesce(epoch_us(least(coalesce(started, "left"), "left")) / 3.6e9, 'inf'::double) as taken,
    coalesce(value * weight, 'nan'::double) as value
from stays join (
    select unnest($via) as via, unnest($stage) as stage, unnest($every) as every, unnest($code) as code
) belts using (via, stage)
where entered <= $end and ("left" is null or id % every = 0)
order by belts.code, entered
