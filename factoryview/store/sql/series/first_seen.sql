-- Of every dated stay, in order of its id, when its case was first seen (µs).
select id, epoch_us(min(entered) over (partition by "case")) as since from stays where entered is not null order by id
