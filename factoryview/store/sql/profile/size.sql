-- Cases, and visits of cases to activities.
select (select count(*) from profile_cases), (select count(*) from profile_visits)
