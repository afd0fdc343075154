-- What the attribute says of the case of every dated stay at $stage, in order of entry; null where it says nothing, and
-- of several things the first in the order of words.
select min(said.text) as text, min(said.number) as number
from stays left join ({attribute}) as said on said."case" = stays."case"
where stays.stage = $stage and stays.entered is not null
group by stays.entered, stays.id order by stays.entered, stays.id
