-- The $place-th smallest and the $place-th largest number that the cases say of an attribute; null where there are fewer.
with numbers as (
    select max(number) as number from ({attribute}) as said where number is not null group by "case"
)
select (select number from numbers order by number limit 1 offset $place - 1),
    (select number from numbers order by number desc limit 1 offset $place - 1)
