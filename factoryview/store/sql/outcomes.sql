-- Every outcome a case ever had.
select outcome from outcomes group by outcome order by outcome
