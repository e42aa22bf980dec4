-- The gateway links letters to other cases itself.
DROP TRIGGER letters_linked ON letters;
DROP TRIGGER letters_linked_again ON letters;
DROP FUNCTION letters_linked();
DROP FUNCTION json_texts(TEXT);

CREATE FUNCTION requests_figured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_figures SET complete_on = tokyo_day(NEW.queued_at)
  WHERE case_id = NEW.case_id AND complete_on IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER requests_figured AFTER INSERT ON letters FOR EACH ROW
  WHEN (NEW.letter = 'review_request' AND NOT copying()) EXECUTE FUNCTION requests_figured();

CREATE INDEX letters_receipts ON letters (recipient_key, coalesce(sent_at, not_before))
  WHERE letter IN ('decision_receipt', 'decision_summary') AND state <> 'recalled';
CREATE INDEX letters_summaries ON letters (recipient_key, id)
  WHERE letter = 'decision_summary' AND state IN ('queued', 'deferred');
