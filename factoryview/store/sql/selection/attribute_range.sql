-- Cases of which the attribute says a number in [$low, $high], at least once.
select "case" from ({attribute}) as said where number >= $low and number <= $high
