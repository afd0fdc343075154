-- Of every stage what an attribute of its events says most often, how many say so, and how many say anything.
with says as (
    select events.stage, each.text, count(*) as often, min(events.row) as first_row
    from events join ({attribute}) as each on each.row = events.row
    where each.text is not null group by events.stage, each.text
),
ranked as (
    select stage, text, often, sum(often) over (partition by stage) as every,
        row_number() over (partition by stage order by often desc, first_row) as place
    from says
)
select stage, text, often, every from ranked where place = 1 order by stage
