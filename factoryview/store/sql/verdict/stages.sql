-- Every stage that has a dated stay, in order of first use.
select stage from stays where entered is not null group by stage order by min(entered), stage
