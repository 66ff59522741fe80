-- A table under the name the rest of the code uses.
ALTER TABLE heads RENAME TO signed_heads;
