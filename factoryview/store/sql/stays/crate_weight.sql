select quantile_cont(weight, 0.5) from stays
