-- Every arrival at an outcome: from which stage, when, by which channel.
select outcome, via, epoch_us("at") as "at", weight, channel, reason from outcomes order by "at"
