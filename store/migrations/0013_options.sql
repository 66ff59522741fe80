-- The pages of a feed's items are looked at without being asked for.
UPDATE sources SET options = json_remove(options, '$.verify');
