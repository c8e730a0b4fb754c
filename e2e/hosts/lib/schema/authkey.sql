-- var/db/authkey.sqlite
CREATE TABLE IF NOT EXISTS authkey (
  idx INTEGER PRIMARY KEY, name VARCHAR(64), authkey TEXT
);
