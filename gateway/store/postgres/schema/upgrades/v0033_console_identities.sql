-- Accounts at the OpenID provider, each linked once to a staff address by a code mailed to it.
CREATE TABLE console_identities (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL,
  issuer TEXT COLLATE "C" NOT NULL,
  since TEXT COLLATE "C" NOT NULL,
  used_at TEXT COLLATE "C" NOT NULL
);
