-- Times are Unix microseconds; truth is 1.

CREATE TABLE tenants (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL, -- its cases folded
    role TEXT NOT NULL,
    active INTEGER NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    pending_webhook_url TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, email_key)
);

CREATE TABLE devices (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    transport TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_since INTEGER NOT NULL,
    jid TEXT,
    credentials TEXT, -- encrypted
    wanted INTEGER NOT NULL,
    reason TEXT,
    failures INTEGER NOT NULL,
    banned_until INTEGER,
    last_seen_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- No index, and no condition of one, is on a column that changes often: so most updates touch no index at all.
CREATE TABLE messages (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    chat_jid TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL, -- JSON
    fingerprint TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    typing_ms INTEGER NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    device_epoch INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    dispatch INTEGER NOT NULL, -- our own side; the numbers are those of MessageState
    not_before INTEGER,
    provider_id TEXT,
    sent_at INTEGER,
    failed_at INTEGER,
    delivery_failure TEXT, -- JSON: code, class, retryable, explanation
    delivered_at INTEGER,
    read_at INTEGER,
    played_at INTEGER,
    last_failure TEXT, -- JSON, as above
    uncertain_at INTEGER,
    overdue_at INTEGER,
    state INTEGER NOT NULL, -- as everybody outside sees it
    open INTEGER NOT NULL, -- its dispatch, or a first word from the recipient's phone, is still expected
    attention INTEGER NOT NULL, -- a person should look
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX messages_by_time ON messages (tenant_id, accepted_at DESC, id);
CREATE INDEX messages_by_device ON messages (tenant_id, device_id, accepted_at DESC, id);
CREATE INDEX messages_by_chat ON messages (tenant_id, chat_jid, accepted_at DESC, id);
CREATE INDEX messages_open ON messages (tenant_id, device_id, position) WHERE open;
CREATE INDEX messages_open_by_time ON messages (accepted_at) WHERE open;
CREATE INDEX messages_attention ON messages (accepted_at) WHERE attention;

CREATE TABLE message_events (
    tenant_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    detail TEXT,
    PRIMARY KEY (tenant_id, message_id, version, n)
) WITHOUT ROWID;

CREATE TABLE webhook_endpoints (
    id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL, -- JSON
    enabled INTEGER NOT NULL,
    disabled_reason TEXT,
    retries INTEGER,
    timeout_ms INTEGER NOT NULL,
    protected_secret TEXT, -- encrypted
    headers TEXT NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant_id, device_id)
);

-- What enabled endpoints want, for the flush to join.
CREATE TABLE webhook_subscriptions (
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, device_id, event_type)
) WITHOUT ROWID;

CREATE TABLE webhook_sequences (
    endpoint_id TEXT PRIMARY KEY,
    last_sequence INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE webhook_watermarks (
    endpoint_id TEXT PRIMARY KEY,
    delivered_through INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE webhook_events (
    endpoint_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    message_id TEXT,
    data TEXT, -- JSON, for an event that is not about a message of ours
    PRIMARY KEY (endpoint_id, sequence)
) WITHOUT ROWID;

CREATE TABLE webhook_retries (
    endpoint_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER, -- null for a dead letter
    last_status INTEGER,
    last_error TEXT,
    PRIMARY KEY (endpoint_id, sequence)
) WITHOUT ROWID;

CREATE INDEX webhook_retries_due ON webhook_retries (endpoint_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    endpoint_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    duration_ms INTEGER NOT NULL,
    PRIMARY KEY (endpoint_id, sequence, number)
) WITHOUT ROWID;

CREATE TABLE webhook_inbox (
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL, -- received, orphan
    id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    payload TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant_id, device_id, kind, id)
) WITHOUT ROWID;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE message_counts (
    minute INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    dispatched INTEGER NOT NULL,
    retried INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    read INTEGER NOT NULL,
    played INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    canceled INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    overdue INTEGER NOT NULL,
    failed_template INTEGER NOT NULL,
    failed_consent INTEGER NOT NULL,
    failed_quality INTEGER NOT NULL,
    failed_account INTEGER NOT NULL,
    failed_session INTEGER NOT NULL,
    failed_recipient INTEGER NOT NULL,
    failed_content INTEGER NOT NULL,
    failed_transient INTEGER NOT NULL,
    failed_policy INTEGER NOT NULL,
    wait_ms_sum INTEGER NOT NULL,
    delivered_1m INTEGER NOT NULL,
    PRIMARY KEY (minute, tenant_id, device_id)
) WITHOUT ROWID;

-- What each flush adds to message_counts; a row lives for seconds.
CREATE TABLE message_count_deltas (
    id INTEGER PRIMARY KEY,
    deltas TEXT NOT NULL -- JSON array
);
