-- What was set for a tenant; null is no limit. The rate is in messages per 1,000 seconds, so that it is exact.
CREATE TABLE tenant_limits (
    tenant_id TEXT PRIMARY KEY,
    tier TEXT,
    messages_per_1000s INTEGER,
    burst INTEGER,
    messages_per_day INTEGER,
    queue_depth INTEGER,
    devices INTEGER,
    new_recipients_per_day INTEGER,
    weight INTEGER,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;
