-- What a run told when it ended, as JSON, gzipped: findings are those of today, and a report of the past has to say what failed then.
CREATE TABLE run_report (
  run    INTEGER PRIMARY KEY,
  report BLOB NOT NULL
) STRICT;
