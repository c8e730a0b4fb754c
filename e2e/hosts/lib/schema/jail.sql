-- jails-system/jail/local.sqlite
CREATE TABLE IF NOT EXISTS jailnic (
  id INTEGER PRIMARY KEY, name VARCHAR(64), nic_order INTEGER, nic_slot TEXT, nic_parent TEXT, nic_hwaddr TEXT, nic_address TEXT, nic_persistent
  INTEGER
);
CREATE TABLE IF NOT EXISTS settings (
  created TIMESTAMP DATE
);
