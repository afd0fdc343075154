-- Cases begun by $at (µs) and not ended then.
select "case" from stays where epoch_us(entered) <= $at
except
select "case" from outcomes where epoch_us("at") <= $at and (until is null or epoch_us(until) > $at)
