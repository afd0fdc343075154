drop view if exists profile_steps;
drop view if exists profile_cases;
drop view if exists profile_visits
