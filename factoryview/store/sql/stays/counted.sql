-- Stages with stays of counts, in their order; such stays have ids above $after.
select stage from stays where id > $after group by stage order by min(id)
