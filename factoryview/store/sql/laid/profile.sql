-- As `profile/steps`, of events that are laid in the order of their cases in {table}: nothing is ordered again.
create or replace temp view profile_steps as
select hash("case") as id, stage, time, following, until, place from {table};

create or replace temp view profile_cases as
select hash("case") as id, channel::varchar as channel from {table} where following is null;

create or replace temp view profile_visits as
select hash("case") as id, stage, min(place) as first_place from {table} group by all
