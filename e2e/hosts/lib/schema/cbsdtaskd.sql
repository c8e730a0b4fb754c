-- var/db/cbsdtaskd.sqlite
CREATE TABLE IF NOT EXISTS taskd (
  id INTEGER PRIMARY KEY, st_time TEXT, end_time TEXT, user TEXT, cmd TEXT, status INTEGER, errcode INTEGER, owner TEXT, logfile TEXT, logtype TEXT,
  notify INTEGER, autoflush INTEGER, after INTEGER, client_id INTEGER, jname TEXT
);
