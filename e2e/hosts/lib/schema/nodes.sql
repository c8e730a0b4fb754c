-- var/db/nodes.sqlite
CREATE TABLE IF NOT EXISTS nodelist (
  nodename TEXT PRIMARY KEY, ip TEXT, port INTEGER, keyfile TEXT, rootkeyfile TEXT, status INTEGER, invfile TEXT, idle TIMESTAMP DATE
);
