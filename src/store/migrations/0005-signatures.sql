-- What the signature on a document was found to be, and who may sign for an organization.

ALTER TABLE document ADD COLUMN verdict TEXT NOT NULL DEFAULT '';      -- of its signature; '' when it is not signed
ALTER TABLE document ADD COLUMN signer TEXT NOT NULL DEFAULT '';       -- who signed, for people
ALTER TABLE document ADD COLUMN fingerprints TEXT NOT NULL DEFAULT ''; -- of the certificates, separated by spaces
ALTER TABLE document ADD COLUMN why TEXT NOT NULL DEFAULT '';          -- the verdict's reason
ALTER TABLE document ADD COLUMN accepted TEXT NOT NULL DEFAULT '';     -- who accepted it as it is

-- A person introduced as holding a role outside, pinned to a certificate.
CREATE TABLE signer (
  organization INTEGER NOT NULL REFERENCES organization (id),
  role         TEXT NOT NULL,
  fingerprint  TEXT NOT NULL,
  name         TEXT NOT NULL,   -- as the certificate says
  by           TEXT NOT NULL,   -- who introduced it
  at           INTEGER NOT NULL,
  PRIMARY KEY (organization, role, fingerprint)
) STRICT, WITHOUT ROWID;
