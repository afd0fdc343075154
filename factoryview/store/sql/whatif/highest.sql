-- The highest id of a stay.
select max(id) as highest from stays
