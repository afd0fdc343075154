-- The share of an attribute's texts that are names of those who work.
select coalesce(avg((text in (select resource from stays where resource is not null))::int), 0)
from (select distinct text from ({attribute}) as said where text is not null)
