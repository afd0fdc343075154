-- All work begun before $until and not over before $since of those who work at $stage, in order of its start.
select epoch_us(entered) as entered, epoch_us(started) as started, epoch_us(coalesce("left", $until)) as "left",
    resource, stage = $stage as here
from stays where started is not null and resource is not null and started < $until
    and coalesce("left", $until) >= $since
    and resource in (select distinct resource from stays where stage = $stage and resource is not null)
order by started
