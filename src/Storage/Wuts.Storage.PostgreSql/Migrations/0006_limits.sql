-- What was set for a tenant; null is no limit. The rate is in messages per 1,000 seconds, so that it is exact.
CREATE TABLE tenant_limits (
    tenant_id text COLLATE "C" PRIMARY KEY,
    tier text,
    messages_per_1000s int,
    burst int,
    messages_per_day int,
    queue_depth int,
    devices int,
    new_recipients_per_day int,
    weight int,
    updated_at timestamptz NOT NULL
);
