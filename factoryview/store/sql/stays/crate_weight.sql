-- What the stay in the middle weighs, if all are ordered by their weight; of an even number the mean of the two. Of many
-- stays no more than the weights that there are is held.
with each as (
    select weight, count(*) as number from stays where weight is not null group by weight
), up_to as (
    select weight, sum(number) over (order by weight) as until, sum(number) over () as every from each
)
select (min(weight) filter (2 * until >= every) + min(weight) filter (2 * until > every)) / 2 from up_to
