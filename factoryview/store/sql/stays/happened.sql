-- All that `counts/kpis` counts of some stays and outcomes, each with its moment. Asked of DuckDB alone.
select entered as moment, 'came' as what, stage as name, weight, null::timestamp as since, null::timestamp as started
from {prefix}stays where entered is not null
union all
select "left", 'left', stage, weight, entered, started from {prefix}stays where "left" is not null and entered is not null
union all
select "at", 'ended', via, weight, null, null from {prefix}outcomes where "at" is not null and via is not null
union all
select "at", 'reached', outcome, weight, null, null from {prefix}outcomes where "at" is not null
union all
select until, 'reopened', outcome, weight, null, null from {prefix}outcomes where until is not null
