-- Word of an earlier pairing may come after the last one: this tells them apart.
ALTER TABLE devices ADD COLUMN paired_at timestamptz;
UPDATE devices SET paired_at = state_since WHERE credentials IS NOT NULL; -- no later than that
