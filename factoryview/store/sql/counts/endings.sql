-- Every dated outcome.
select "case", outcome, epoch_us("at") as "at", weight from outcomes where "at" is not null
