-- How many stays there are.
select count(*) as stays from stays
