-- What an attribute says: of how many cases, in how many texts, how many of these are no number, and how many different
-- texts one case has at most.
select count(distinct "case"), count(distinct text), count(distinct text) filter (number is null),
    (select coalesce(max(texts), 0) from (
        select count(distinct text) as texts from ({attribute}) as each group by "case"
    ))
from ({attribute}) as said where text is not null
