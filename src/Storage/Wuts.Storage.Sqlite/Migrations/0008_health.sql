-- Why a queued message waits until not_before.
ALTER TABLE messages ADD COLUMN hold TEXT;

-- Whom a number has written to, or who wrote to it.
CREATE TABLE contacts (
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    chat_jid TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    planned_at INTEGER, -- when the number reaches out to it; on that UTC day it counts
    origin TEXT NOT NULL, -- outbound, inbound
    message_id TEXT, -- the message that reaches out
    PRIMARY KEY (tenant_id, device_id, chat_jid)
) WITHOUT ROWID;

CREATE TABLE device_health (
    tenant_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    health TEXT NOT NULL, -- JSON
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, device_id)
) WITHOUT ROWID;

-- Everybody who was written to before there were contacts is known.
INSERT INTO contacts (tenant_id, device_id, chat_jid, first_at, planned_at, origin)
SELECT tenant_id, device_id, chat_jid, min(accepted_at), min(accepted_at), 'outbound'
FROM messages
WHERE chat_jid LIKE '%@s.whatsapp.net' OR chat_jid LIKE '%@lid'
GROUP BY tenant_id, device_id, chat_jid;

INSERT INTO contacts (tenant_id, device_id, chat_jid, first_at, origin)
SELECT tenant_id, device_id, payload ->> 'chat_jid', min(received_at), 'inbound'
FROM webhook_inbox
WHERE kind = 'received' AND (payload ->> 'chat_jid' LIKE '%@s.whatsapp.net' OR payload ->> 'chat_jid' LIKE '%@lid')
GROUP BY tenant_id, device_id, payload ->> 'chat_jid'
ON CONFLICT (tenant_id, device_id, chat_jid) DO UPDATE SET origin = 'inbound';
