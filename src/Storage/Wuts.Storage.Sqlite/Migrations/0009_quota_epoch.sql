-- Whoever counts what a tenant uses begins an epoch: what was admitted under an earlier one is not accepted any more.
ALTER TABLE tenants ADD COLUMN quota_epoch INTEGER NOT NULL DEFAULT 0;
