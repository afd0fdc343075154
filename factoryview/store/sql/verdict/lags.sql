-- Hours from leaving $stage for the last time to ending well ($good), of cases that left it 20 days before $until.
with passed as (
    select "case", max("left") as "left" from stays where stage = $stage and "left" <= $until group by "case"
)
select epoch_us("at" - passed."left") / 3.6e9 as hours
from passed join outcomes using ("case")
where outcome in (select unnest($good::varchar[])) and "at" >= passed."left" and "at" <= $until
    and passed."left" <= $until::timestamp - interval 20 days
