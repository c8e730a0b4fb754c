-- var/db/vpnet.sqlite
CREATE TABLE IF NOT EXISTS vpnet (
  idx INTEGER PRIMARY KEY, name VARCHAR(64), vpnet TEXT
);
