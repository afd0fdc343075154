-- Some thousand texts of an attribute.
select distinct text from (select text from ({attribute}) as said where text is not null limit 5000)
