-- Cases of which one of $names is written down as the channel they came in by, or none at all if $unknown.
select "case" from (select "case", channel from stays union select "case", channel from outcomes)
group by "case" having bool_or(list_contains($names::varchar[], channel)) or ($unknown and count(channel) = 0)
