-- Where a source was declared: 'file' by the registry file, 'left' once it has left it; nothing for what was registered
-- on the web. What left is no longer read for new posts.
ALTER TABLE sources ADD COLUMN declared TEXT;

-- 1 where the source itself took the post down: what it lists again is shown again. What an owner withdrew, somebody
-- objected to or retention took stays away.
ALTER TABLE taken_back ADD COLUMN by_source INTEGER NOT NULL DEFAULT 0;
