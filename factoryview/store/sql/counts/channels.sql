-- How many cases came in by each channel.
select channel, sum(weight) as cases from (
    select channel, weight from stays where first
    union all
    select channel, weight from outcomes where via is null
) where channel is not null group by channel order by cases desc, channel
