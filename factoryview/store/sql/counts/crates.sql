-- Stays and outcomes of the crates in the table `counted`, each standing for {weight} cases.
create or replace {table} {prefix}stays as
select id::bigint as id, '#' || id as "case", stage::varchar as stage, make_timestamp(entered) as entered,
    null::timestamp as started, make_timestamp("left"::bigint) as "left",
    case when lost then '{lost}' when "left" is not null then next end::varchar as next, via::varchar as via,
    null::varchar as channel, {weight}::double as weight, null::varchar as resource,
    null::double as value, null::varchar as reason, true as first, "left" is null as last
from counted order by id;

create or replace {table} {prefix}outcomes as
select id::bigint as id, '#' || id as "case", '{lost}' as outcome, make_timestamp("left"::bigint) as "at",
    null::timestamp as until, stage::varchar as via, null::varchar as channel, {weight}::double as weight,
    null::double as value, null::varchar as reason
from counted where lost order by id
