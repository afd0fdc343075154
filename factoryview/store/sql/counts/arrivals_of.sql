-- When cases arrived at the stage or outcome $name.
select "case", epoch_us(entered) as "at", weight from stays where stage = $name and entered is not null
union all
select "case", epoch_us("at"), weight from outcomes where outcome = $name and not exists (from stays where stage = $name)
