-- What tells how wide the rows of windows have to be: how many stays say when they started, the least and the largest weight,
-- and the largest id.
select count(started) as started, min(weight) as lightest, max(weight) as heaviest, max(id) as id from stays
