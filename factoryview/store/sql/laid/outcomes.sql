-- The outcomes that follow from events that are laid in the order of their cases (`laid/steps`).
select row as id, "case", stage::varchar as outcome, time as "at", {until} as until, {via} as via,
    channel::varchar as channel, {others}
from {table} where {where}
