-- Of the stays $ids, where most of each stage's came from.
select stage, via from (
    select stage, via, row_number() over (partition by stage order by count(*) desc, via) as place
    from stays where via is not null and id in (select unnest($ids::bigint[])) group by stage, via
) where place = 1
