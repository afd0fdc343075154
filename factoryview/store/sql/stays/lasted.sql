-- Of every stage the span within which the share $share of its stays were over, in µs, and how many these are.
select stage, quantile_cont(epoch_us("left") - epoch_us(entered), $share::double) as span, count(*) as stays
from stays where entered is not null and "left" is not null group by stage order by stage
