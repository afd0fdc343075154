-- What the attribute says of the case of every dated stay, in order of its id; of several things the first in the order
-- of words, null where it says nothing.
select stays.id, min(said.text) as text
from stays left join (
    select "case", min(text) as text from ({attribute}) group by "case"
) as said on said."case" = stays."case"
where entered is not null group by stays.id order by stays.id
