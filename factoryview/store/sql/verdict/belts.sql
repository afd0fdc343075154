-- Belts that pass at least 60 cases and hold $least open ones, with how many cases came by $end.
select via, stage, count(*) filter (entered <= $end) as cases from stays where via is not null group by all
having count(*) >= 60 and count(*) filter ("left" is null) >= $least
