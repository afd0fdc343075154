-- How many cases say each text of an attribute, the commonest first.
select text, count(distinct "case") as cases from ({attribute}) as said where text is not null
group by text order by cases desc, text limit $most
