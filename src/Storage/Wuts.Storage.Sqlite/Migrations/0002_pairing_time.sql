-- Word of an earlier pairing may come after the last one: this tells them apart.
ALTER TABLE devices ADD COLUMN paired_at INTEGER;
