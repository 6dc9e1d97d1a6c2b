-- Rolling a run back (M6): what it posted is voided or deleted in Xero by calls like any other, and held in the ledger.

-- The run that a call undoes, and that a run of the verb rollback does; NULL for all others.
ALTER TABLE chunk ADD COLUMN rolls_back INTEGER;
ALTER TABLE batch_run ADD COLUMN rolls_back INTEGER;

-- What was in Xero and was taken out again: kept for audit, and so that a void of ours is never taken for anything else. `run`: the run
-- that had posted it; `by_run`: the one that took it out. `facts`: as it was last left there.
CREATE TABLE rolled_back (
  kind        TEXT NOT NULL,
  source_id   TEXT NOT NULL,
  entity      TEXT NOT NULL,
  xero_id     TEXT NOT NULL,
  tenant_id   TEXT NOT NULL,
  xero_number TEXT,
  facts       TEXT,
  run         INTEGER NOT NULL,
  by_run      INTEGER NOT NULL,
  at          TEXT NOT NULL,
  PRIMARY KEY (kind, source_id, entity, xero_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rolled_back_xero ON rolled_back (xero_id);
CREATE INDEX rolled_back_run ON rolled_back (run);
