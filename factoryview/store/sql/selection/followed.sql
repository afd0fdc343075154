-- Cases that went from $origin straight to $target.
select "case" from stays where stage = $origin and next = $target
