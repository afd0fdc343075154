-- Cases whose ids hold $words, each with its first dated stay; the shortest ids first.
select "case", arg_min(id, entered) as stay from stays
where entered is not null and strpos(lower("case"), lower($words)) > 0
group by "case" order by length("case"), "case" limit 8
