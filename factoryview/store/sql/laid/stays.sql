-- The stays that follow from events that are laid in the order of their cases (`laid/steps`), as `stays/entry` and
-- `stays/completion` make them. In the order of {order}, which is put in while the rows are narrow.
select id, "case", stage::varchar as stage, entered, null::timestamp as started, "left", next::varchar as next,
    coalesce(previous::varchar, channel::varchar) as via, channel::varchar as channel, {others},
    previous is null as first, following is null as last, span
from (
    select *, case when "left" is null then 127
        else (2 * ceil(log2(greatest((epoch_us("left") - epoch_us(entered)) / 3.6e9, 1)) / 2))::tinyint end as span
    from (
        select row as id, "case", stage, {moments}, {next} as next, previous, following, channel{narrow}
        from {table} where {where}
    ) as moved {order}
) as ordered
