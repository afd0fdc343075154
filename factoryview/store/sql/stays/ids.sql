-- The id of every stay.
select "case", id from stays
