-- From schema 1 to 2: events may say more than their roles. Nothing there is changes.
alter table events add column attributes text;

create table attributes (name text primary key) without rowid;
