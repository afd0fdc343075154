-- By which channel each case came in.
select "case", channel as name, weight from stays where first and channel is not null
union all
select "case", channel, weight from outcomes where via is null and channel is not null
