-- var/db/images.sqlite
CREATE TABLE IF NOT EXISTS images (
  id INTEGER PRIMARY KEY, md5 TEXT, name TEXT, path TEXT, source, emulator TEXT, size INTEGER, created TIMESTAMP DATE
);
