select median(weight) from stays
