-- Of every dated stay, in order of its id, what its case was worth as far as anybody had written it down by then.
select id, last_value(value ignore nulls) over (
    partition by "case" order by entered, id rows between unbounded preceding and current row
) as value
from stays where entered is not null order by id
