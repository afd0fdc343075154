-- How many cases there are.
select count(*) from (select "case" from stays union select "case" from outcomes)
