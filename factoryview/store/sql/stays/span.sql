select
    epoch_us(least((select min(entered) from stays), (select min("at") from outcomes))) as first,
    epoch_us(greatest((select max(entered) from stays), (select max("left") from stays),
        (select max(started) from stays), (select max("at") from outcomes))) as last
