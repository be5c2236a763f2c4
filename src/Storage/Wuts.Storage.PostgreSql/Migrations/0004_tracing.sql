-- The trace to which a message and its webhook events belong, as a W3C traceparent; null where it is not recorded.
ALTER TABLE messages ADD COLUMN trace_parent text;
ALTER TABLE webhook_events ADD COLUMN trace_parent text;

-- What a person should look at is counted every few seconds. Few rows ever get into this index, and none changes it otherwise.
CREATE INDEX messages_overdue ON messages (accepted_at) WHERE overdue_at IS NOT NULL;
