-- When every stay at the stages $stages (coded by their place) began and ended (µs, $forever while open), in any order.
select "case", codes.code::smallint as stage, id, epoch_us(entered) as entered,
    coalesce(epoch_us("left"), $forever) as "left", coalesce(weight, 1)::double as weight,
    coalesce(value, 'nan'::double) as value
from stays join (select unnest($stages::varchar[]) as name, unnest(range(len($stages::varchar[]))) as code) as codes
    on codes.name = stage
where entered is not null
