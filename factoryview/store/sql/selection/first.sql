-- Cases that were first seen at $stage.
select "case" from stays where first and stage = $stage
union
select "case" from outcomes where via is null and "at" is not null and outcome = $stage
