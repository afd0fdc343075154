-- Every stay: by which way it came (its place in $vias and $stages), and whether nobody wrote down when.
with ways as (
    select unnest($vias::varchar[]) as via, unnest($stages::varchar[]) as stage,
        unnest(range(len($stages::varchar[])))::int as way
)
select "case", way, weight, entered is null as undated
from stays join ways on ways.stage = stays.stage and ways.via is not distinct from stays.via
