-- Every case there is.
select "case" from stays union select "case" from outcomes
