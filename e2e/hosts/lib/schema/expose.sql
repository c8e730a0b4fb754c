-- jails-system/bhyve vm/expose.sqlite
CREATE TABLE IF NOT EXISTS expose (
  pin INTEGER, pout INTEGER, proto VARCHAR(5), inaddr VARCHAR(128), outaddr VARCHAR(128), fromips VARCHAR(128)
);
