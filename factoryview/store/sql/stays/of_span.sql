-- The stays of one length that touch a window, from a table made by `stays/by_span`; bounds are written into the query, so
-- that only the parts of the table are read in which such stays lie. µs.
select {columns} from {table}
where span = {span} and entered > {earliest} and entered < {until} and "left" > {since}
