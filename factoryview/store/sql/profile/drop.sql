drop table if exists profile_undated;
drop table if exists profile_visits;
drop table if exists profile_cases;
drop table if exists profile_steps;
drop type if exists profile_stage
