-- Cases of which the attribute says one of $values, at least once.
select "case" from ({attribute}) as said where list_contains($values::varchar[], text)
