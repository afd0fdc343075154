-- How often more came to kept stays that changed any of them. Asked of kept stays.
select coalesce(max(growth), 0) from touched
