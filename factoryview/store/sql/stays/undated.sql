select count(*) from stays where entered is null
