-- Beside the id that a source derives for a post: the mark of the item as the source last said it, under the network's
-- key. NULL where nothing is known of it; then the item is decided anew.
ALTER TABLE post_keys ADD COLUMN item BLOB;
