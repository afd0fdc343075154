-- How many cases stand at each stage at $at: entered by then, not yet left.
select stage, sum(coalesce(weight, 1)) from stays where entered <= $at and ("left" is null or "left" > $at) group by stage
