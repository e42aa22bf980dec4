-- Which letters members chose to receive; `member` is a digest of the address.
CREATE TABLE mail_choices (
  member TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  choice TEXT COLLATE "C" NOT NULL
);
