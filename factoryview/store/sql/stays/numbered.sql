-- Every case there is, and its number from 0.
select "case", (row_number() over () - 1)::int as number from (select "case" from stays union select "case" from outcomes)
