-- Whether it is known when work began, and who did it.
select count(started) * count(resource) > 0 from stays
