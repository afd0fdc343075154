-- The tables of a store as a query on this cursor sees them: with the cases in the table {only} alone.
create temp view stays as
select * from {database}.main.stays where "case" in (select "case" from {database}.main.{only});

create temp view outcomes as
select * from {database}.main.outcomes where "case" in (select "case" from {database}.main.{only})
