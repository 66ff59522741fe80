-- Which replies are kept was never asked.
UPDATE sources SET options = json_remove(options, '$.replies');
