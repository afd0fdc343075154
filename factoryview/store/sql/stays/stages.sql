-- Every stage that has a stay, in order of first use; undated ones last.
select stage from stays group by stage order by min(entered) nulls last, stage
