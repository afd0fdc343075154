-- When each dated stay of counts ended other than in an outcome; such stays have ids above $after.
select "case", epoch_us("left") as "at", weight from stays
where id > $after and entered is not null and "left" is not null and "case" not in (select "case" from outcomes)
