-- The mean value of what stood at $stage in [$since, $until), each by how long it did.
select sum(value * hours) / nullif(sum(hours), 0) from (
    select value, epoch_us(least(coalesce("left", $until), $until) - greatest(entered, $since)) / 3.6e9 as hours
    from stays
    where stage = $stage and value is not null and entered < $until and ("left" is null or "left" > $since)
)
