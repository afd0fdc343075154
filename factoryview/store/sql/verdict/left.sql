-- How many cases have left each stage by $at.
select stage, sum(coalesce(weight, 1)) from stays where "left" <= $at group by stage
