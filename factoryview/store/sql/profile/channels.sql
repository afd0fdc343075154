-- Cases by the channel they entered through.
select channel, count(*) as cases from profile_cases where channel is not null
group by channel order by cases desc, channel
