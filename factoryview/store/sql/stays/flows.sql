-- How many cases went each way: from a stage or channel (null: unknown) into a stage.
select via, stage, sum(weight) as flow from stays group by all order by flow desc, via, stage
