-- The stays as they were known at $at: those begun by then, without what happened to them later.
select id, "case", stage, entered,
    case when started <= make_timestamp($at) then started end as started,
    case when "left" <= make_timestamp($at) then "left" end as "left",
    case when "left" <= make_timestamp($at) then next end as next,
    via, channel, weight, resource, value, reason, first,
    last or row_number() over (partition by "case" order by entered desc nulls last, id desc) = 1
        and (next is null or "left" is null or "left" > make_timestamp($at)) as last
from stays where entered is null or entered <= make_timestamp($at)
order by id
