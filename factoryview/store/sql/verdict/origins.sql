-- Of the stays $ids, where most of each stage's came from.
select stage, mode(via) from stays where id in (select unnest($ids::bigint[])) group by stage
