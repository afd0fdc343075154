select outcome, epoch_us("at") as "at", epoch_us(until) as until, weight from outcomes order by "at"
