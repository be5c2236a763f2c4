-- Why a queued message waits until not_before.
ALTER TABLE messages ADD COLUMN hold text;

-- Whom a number has written to, or who wrote to it.
CREATE TABLE contacts (
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    chat_jid text COLLATE "C" NOT NULL,
    first_at timestamptz NOT NULL,
    planned_at timestamptz, -- when the number reaches out to it; on that UTC day it counts
    origin text NOT NULL, -- outbound, inbound
    message_id text COLLATE "C", -- the message that reaches out
    PRIMARY KEY (tenant_id, device_id, chat_jid)
);

CREATE TABLE device_health (
    tenant_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    health text NOT NULL, -- JSON
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, device_id)
);

-- Everybody who was written to before there were contacts is known.
INSERT INTO contacts (tenant_id, device_id, chat_jid, first_at, planned_at, origin)
SELECT tenant_id, device_id, chat_jid, min(accepted_at), min(accepted_at), 'outbound'
FROM messages
WHERE chat_jid LIKE '%@s.whatsapp.net' OR chat_jid LIKE '%@lid'
GROUP BY tenant_id, device_id, chat_jid;

-- Not by JSON functions, which refuse a NUL anywhere in the payload. Quotes within a text are escaped, so nothing else looks like this.
INSERT INTO contacts (tenant_id, device_id, chat_jid, first_at, origin)
SELECT tenant_id, device_id, jid, min(received_at), 'inbound'
FROM (
    SELECT tenant_id, device_id, received_at, substring(payload FROM '"chat_jid":"([0-9]+@(?:s[.]whatsapp[.]net|lid))"') AS jid
    FROM webhook_inbox
    WHERE kind = 'received'
) AS received
WHERE jid IS NOT NULL
GROUP BY tenant_id, device_id, jid
ON CONFLICT (tenant_id, device_id, chat_jid) DO UPDATE SET origin = 'inbound';
