-- var/db/storage_media.sqlite
CREATE TABLE IF NOT EXISTS media (
  idx INTEGER PRIMARY KEY, name VARCHAR(64), path TEXT, type VARCHAR(64), jname VARCHAR(64), size INTEGER
);
