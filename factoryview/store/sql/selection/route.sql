-- Cases that have been at $stages one after the other and at no others, and stand at $outcome ('': at none).
select "case" from (
    select "case", list(stage order by entered, id) as stages from (
        select "case", stage, entered, id, lag(stage) over (partition by "case" order by entered, id) as before
        from stays where entered is not null
    ) where before is distinct from stage group by "case"
) left join (
    select "case", arg_min(outcome, -epoch_us("at")) as outcome from outcomes where until is null and "at" is not null group by "case"
) using ("case")
where stages = $stages::varchar[] and coalesce(outcome, '') = $outcome
