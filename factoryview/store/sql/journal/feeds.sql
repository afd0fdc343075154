-- Which feeds name which stages, in events and counts with rows above those given; asked of a journal (SQLite).
select stage, name, 0 as counted from events join feeds on feeds.id = feed where row > ?1 group by stage, name
union all
select stage, name, 1 from counts join feeds on feeds.id = feed where row > ?2 group by stage, name
