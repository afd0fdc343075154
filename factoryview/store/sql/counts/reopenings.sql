-- When cases were reopened, and after which outcome.
select "case", outcome, epoch_us(until) as "at", weight from outcomes where until is not null
