-- The cases by the domain of the applicant's address, `@` included.
CREATE INDEX cases_domain ON cases (substr(applicant_key, strpos(applicant_key, '@')), id)
  WHERE erased_at IS NULL;
