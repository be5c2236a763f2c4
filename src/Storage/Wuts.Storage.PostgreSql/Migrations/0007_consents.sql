-- The last word of recipients on being written to, which every acceptance and claim looks up.
CREATE TABLE consents (
    tenant_id text COLLATE "C" NOT NULL,
    chat_jid text COLLATE "C" NOT NULL,
    state text NOT NULL, -- opted_out, opted_in
    source text NOT NULL, -- keyword, api, import
    at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    device_id text COLLATE "C",
    detail text,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, chat_jid)
);

CREATE TABLE consent_policies (
    tenant_id text COLLATE "C" PRIMARY KEY,
    opt_in_categories text NOT NULL, -- JSON
    opt_out_keywords text NOT NULL, -- JSON
    opt_in_keywords text NOT NULL, -- JSON
    opt_out_confirmation text,
    opt_in_confirmation text,
    updated_at timestamptz NOT NULL
);

-- The categories that need an opt-in, for the flush to look up.
CREATE TABLE consent_modes (
    tenant_id text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, category)
);

ALTER TABLE messages ADD COLUMN consent_exempt boolean NOT NULL DEFAULT false;
