-- The kind of traffic. What was accepted before there were kinds counts as the default.
ALTER TABLE messages ADD COLUMN category TEXT NOT NULL DEFAULT 'utility';
