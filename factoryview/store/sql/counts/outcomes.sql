-- Every outcome and how many dated arrivals it has, in order of the first.
select outcome, count("at") as dated from outcomes group by outcome order by min("at"), outcome
