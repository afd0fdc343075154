-- Every channel, in the order of their names.
select distinct channel from stays where channel is not null order by channel
