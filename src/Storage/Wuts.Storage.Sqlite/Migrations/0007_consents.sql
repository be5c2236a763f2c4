-- The last word of recipients on being written to, which every acceptance and claim looks up.
CREATE TABLE consents (
    tenant_id TEXT NOT NULL,
    chat_jid TEXT NOT NULL,
    state TEXT NOT NULL, -- opted_out, opted_in
    source TEXT NOT NULL, -- keyword, api, import
    at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    device_id TEXT,
    detail TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, chat_jid)
);

CREATE TABLE consent_policies (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    opt_in_categories TEXT NOT NULL, -- JSON
    opt_out_keywords TEXT NOT NULL, -- JSON
    opt_in_keywords TEXT NOT NULL, -- JSON
    opt_out_confirmation TEXT,
    opt_in_confirmation TEXT,
    updated_at INTEGER NOT NULL
);

-- The categories that need an opt-in, for the flush to look up.
CREATE TABLE consent_modes (
    tenant_id TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (tenant_id, category)
);

ALTER TABLE messages ADD COLUMN consent_exempt INTEGER NOT NULL DEFAULT 0;
