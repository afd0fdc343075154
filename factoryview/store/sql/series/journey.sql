-- The dated stays of the case that the stay $id belongs to, in order of entry: the name of the case, times in µs (null while
-- a stay lasts), and the id of each.
select mine."case", stage, epoch_us(entered) as entered, epoch_us("left") as "left", stays.id
from stays join (select "case" from stays where id = $id) as mine on mine."case" = stays."case"
where entered is not null
order by entered, stays.id
