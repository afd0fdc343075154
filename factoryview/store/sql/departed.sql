-- When each dated stay ended.
select epoch_us("left") as "at", weight from stays where entered is not null and "left" is not null
