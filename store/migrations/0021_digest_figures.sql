-- How much a digest said of a topic when it was last written down: near copies once. What is less since then is said beside it.
-- Rows of the section `lost` are what a digest quoted while its period lasted, and that went before it was over.
ALTER TABLE digest_topics ADD COLUMN conversations INTEGER;
ALTER TABLE digest_topics ADD COLUMN networks INTEGER;
