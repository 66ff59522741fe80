-- What the last look at a proof found to be mended, a sentence each (JSON), for the owner and `discover doctor`.
ALTER TABLE looks ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]';
-- The folder that a proof stood in and spoke for; nothing where it spoke for the origin.
ALTER TABLE grants ADD COLUMN evidence_folder TEXT;
