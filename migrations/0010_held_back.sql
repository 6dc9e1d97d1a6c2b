-- What a person holds back (M4), and why. What was never sent is in the state `held`; what Xero has keeps the state that says so
-- (`exported`, `mock_exported`), and nothing of it is sent until it is released.
ALTER TABLE export_state ADD COLUMN held_reason TEXT;
