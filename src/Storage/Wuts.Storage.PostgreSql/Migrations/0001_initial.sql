-- Ids and names compare byte by byte: faster, and in the order in which the program sorts its writes.

CREATE TABLE tenants (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE users (
    id text COLLATE "C" PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
    email text NOT NULL,
    email_key text COLLATE "C" NOT NULL, -- its cases folded
    role text NOT NULL,
    active boolean NOT NULL,
    token_hash text COLLATE "C" NOT NULL UNIQUE,
    pending_webhook_url text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, email_key)
);

CREATE TABLE devices (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    transport text NOT NULL,
    epoch bigint NOT NULL,
    state text NOT NULL,
    state_since timestamptz NOT NULL,
    jid text,
    credentials text, -- encrypted
    wanted boolean NOT NULL,
    reason text,
    failures int NOT NULL,
    banned_until timestamptz,
    last_seen_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITH (fillfactor = 70);

-- No index, and no condition of one, is on a column that changes often: so most updates touch no index at all.
CREATE TABLE messages (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    chat_jid text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    content text NOT NULL, -- JSON
    fingerprint text NOT NULL,
    accepted_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    typing_ms int NOT NULL,
    position bigint NOT NULL,
    version int NOT NULL,
    device_epoch bigint NOT NULL,
    attempt int NOT NULL,
    dispatch smallint NOT NULL, -- our own side; the numbers are those of MessageState
    not_before timestamptz,
    provider_id text,
    sent_at timestamptz,
    failed_at timestamptz,
    delivery_failure text, -- JSON: code, class, retryable, explanation
    delivered_at timestamptz,
    read_at timestamptz,
    played_at timestamptz,
    last_failure text, -- JSON, as above
    uncertain_at timestamptz,
    overdue_at timestamptz,
    state smallint NOT NULL, -- as everybody outside sees it
    open boolean NOT NULL, -- its dispatch, or a first word from the recipient's phone, is still expected
    attention boolean NOT NULL -- a person should look
) WITH (fillfactor = 70);

CREATE INDEX messages_by_time ON messages (tenant_id, accepted_at DESC, id);
CREATE INDEX messages_by_device ON messages (tenant_id, device_id, accepted_at DESC, id);
CREATE INDEX messages_by_chat ON messages (tenant_id, chat_jid, accepted_at DESC, id);
CREATE INDEX messages_open ON messages (tenant_id, device_id, position) WHERE open;
CREATE INDEX messages_open_by_time ON messages (accepted_at) WHERE open;
CREATE INDEX messages_attention ON messages (accepted_at) WHERE attention;

-- Last: while a table has no statistics yet, all its indexes look equally good, and the newest is taken.
ALTER TABLE messages ADD PRIMARY KEY (tenant_id, id);

CREATE TABLE message_events (
    tenant_id text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    version int NOT NULL,
    n int NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    attempt int NOT NULL,
    detail text,
    PRIMARY KEY (tenant_id, message_id, version, n)
);

CREATE TABLE webhook_endpoints (
    id text COLLATE "C" PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    url text NOT NULL,
    events text NOT NULL, -- JSON
    enabled boolean NOT NULL,
    disabled_reason text,
    retries int,
    timeout_ms int NOT NULL,
    protected_secret text, -- encrypted
    headers text NOT NULL, -- JSON
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, device_id)
);

-- What enabled endpoints want, for the flush to join.
CREATE TABLE webhook_subscriptions (
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    endpoint_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, device_id, event_type)
);

CREATE TABLE webhook_sequences (
    endpoint_id text COLLATE "C" PRIMARY KEY,
    last_sequence bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE webhook_watermarks (
    endpoint_id text COLLATE "C" PRIMARY KEY,
    delivered_through bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE webhook_events (
    endpoint_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    tenant_id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    message_id text COLLATE "C",
    data text, -- JSON, for an event that is not about a message of ours
    PRIMARY KEY (endpoint_id, sequence)
);

CREATE TABLE webhook_retries (
    endpoint_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    attempts int NOT NULL,
    next_attempt_at timestamptz, -- null for a dead letter
    last_status int,
    last_error text,
    PRIMARY KEY (endpoint_id, sequence)
);

CREATE INDEX webhook_retries_due ON webhook_retries (endpoint_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    endpoint_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    number int NOT NULL,
    at timestamptz NOT NULL,
    status int,
    error text,
    duration_ms int NOT NULL,
    PRIMARY KEY (endpoint_id, sequence, number)
);

CREATE TABLE webhook_inbox (
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL, -- received, orphan
    id text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    payload text NOT NULL, -- JSON
    PRIMARY KEY (tenant_id, device_id, kind, id)
);

CREATE TABLE settings (
    key text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE message_counts (
    minute timestamptz NOT NULL,
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    accepted bigint NOT NULL,
    dispatched bigint NOT NULL,
    retried bigint NOT NULL,
    sent bigint NOT NULL,
    delivered bigint NOT NULL,
    read bigint NOT NULL,
    played bigint NOT NULL,
    failed bigint NOT NULL,
    rejected bigint NOT NULL,
    canceled bigint NOT NULL,
    expired bigint NOT NULL,
    uncertain bigint NOT NULL,
    overdue bigint NOT NULL,
    failed_template bigint NOT NULL,
    failed_consent bigint NOT NULL,
    failed_quality bigint NOT NULL,
    failed_account bigint NOT NULL,
    failed_session bigint NOT NULL,
    failed_recipient bigint NOT NULL,
    failed_content bigint NOT NULL,
    failed_transient bigint NOT NULL,
    failed_policy bigint NOT NULL,
    wait_ms_sum bigint NOT NULL,
    delivered_1m bigint NOT NULL,
    PRIMARY KEY (minute, tenant_id, device_id)
) WITH (fillfactor = 70);

-- What each flush adds to message_counts; a row lives for seconds, so it is not worth compressing.
CREATE TABLE message_count_deltas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deltas text NOT NULL -- JSON array
);

ALTER TABLE message_count_deltas ALTER COLUMN deltas SET STORAGE EXTERNAL;
