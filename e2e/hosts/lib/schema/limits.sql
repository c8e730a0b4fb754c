-- jails-system/bhyve vm/helpers/brctl.sqlite
CREATE TABLE IF NOT EXISTS forms (
  idx INTEGER PRIMARY KEY, mytable VARCHAR(255), group_id INTEGER, order_id INTEGER, param TEXT, "desc" TEXT, def TEXT, "cur" TEXT, "new" TEXT,
  mandatory INTEGER, attr TEXT, xattr TEXT, type VARCHAR(255), link VARCHAR(255), groupname VARCHAR(128)
);
CREATE TABLE IF NOT EXISTS system (
  helpername TEXT, helperdesc TEXT, version INTEGER, packages INTEGER, have_restart INTEGER, longdesc TEXT, title TEXT
);
