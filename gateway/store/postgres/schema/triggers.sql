-- Triggers: the journal is append-only, and events are counted.

CREATE FUNCTION tokyo_day(moment TEXT) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT to_char((moment::timestamptz AT TIME ZONE 'UTC') + interval '9 hours', 'YYYY-MM-DD')
$$;

-- True while `gateway store copy` imports rows, whose counts are imported with them.
CREATE FUNCTION copying() RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('gateway.copying', true) = 'on', false)
$$;

CREATE FUNCTION tally(of_what TEXT, of_label TEXT, at_hour TEXT) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tallies (what, label, hour, n) VALUES (of_what, of_label, substr(at_hour, 1, 13), 1)
  ON CONFLICT (what, label, hour) DO UPDATE SET n = tallies.n + 1
$$;

-- Append-only with one exception: the personal part of a line can be blanked, irreversibly and in one way only.
-- The line that records which lines were blanked contains no personal data and remains.
CREATE FUNCTION journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.salt IS NULL AND NEW.actor = '' AND NEW.detail = '{}' AND OLD.event <> 'erased'
       AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.event = OLD.event
       AND NEW.case_id IS NOT DISTINCT FROM OLD.case_id AND NEW.mail_id IS NOT DISTINCT FROM OLD.mail_id
       AND NEW.commitment = OLD.commitment AND NEW.hash = OLD.hash THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'append only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION journal_stays();
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_stays();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION journal_stays();

-- Updates the head of the chain with each new line.
CREATE FUNCTION journal_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE turn SET head_number = NEW.id, head_hash = NEW.hash, last_at = NEW.at WHERE id = 1;
  IF NEW.event = 'invitation.handed' THEN
    UPDATE case_figures SET invited_on = tokyo_day(NEW.at)
    WHERE case_id = NEW.case_id AND invited_on IS NULL;
    PERFORM time_invitation(NEW.case_id, NEW.at);
  ELSIF NEW.event = 'decision.revoke' THEN
    UPDATE case_figures SET revoked = 1 WHERE case_id = NEW.case_id;
  END IF;
  RETURN NULL;
END $$;

-- The time from application to invitation; a case without a row is not counted.
CREATE FUNCTION time_invitation(of_case BIGINT, handed TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  waited BIGINT;
BEGIN
  SELECT greatest(0, round(extract(epoch FROM handed::timestamptz - c.opened_at::timestamptz)))
  INTO waited FROM cases c WHERE c.id = of_case;
  UPDATE invitation_waits SET n = n + 1, seconds = seconds + waited
  WHERE le = (SELECT min(b.le) FROM invitation_waits b WHERE b.le >= waited);
END $$;
CREATE TRIGGER journal_counted AFTER INSERT ON journal FOR EACH ROW WHEN (NOT copying()) EXECUTE FUNCTION journal_leads();

INSERT INTO invitation_waits (le, n, seconds)
SELECT le, 0, 0 FROM unnest(ARRAY[
  3600, 43200, 86400, 172800, 259200, 345600, 432000, 604800, 864000, 9223372036854775807
]) AS le;

CREATE FUNCTION count_case(of_state TEXT, by_n BIGINT) RETURNS void LANGUAGE sql AS $$
  INSERT INTO case_counts (state, n) VALUES (of_state, by_n)
  ON CONFLICT (state) DO UPDATE SET n = case_counts.n + by_n
$$;

CREATE FUNCTION cases_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM count_case(OLD.state, -1);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM count_case(NEW.state, 1);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_counted_in AFTER INSERT ON cases FOR EACH ROW WHEN (NOT copying()) EXECUTE FUNCTION cases_counted();
CREATE TRIGGER cases_counted_over AFTER UPDATE OF state ON cases FOR EACH ROW
  WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cases_counted();
CREATE TRIGGER cases_counted_out AFTER DELETE ON cases FOR EACH ROW EXECUTE FUNCTION cases_counted();

-- The figures of each case that reports count. An erased case keeps its figures.
CREATE FUNCTION cases_figured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_figures (case_id, opened_on, state, decided, confirmed, code, category, domain_kind)
  VALUES (
    NEW.id, tokyo_day(NEW.opened_at), NEW.state, CASE WHEN NEW.decided_by <> '' THEN 1 ELSE 0 END,
    CASE WHEN NEW.affiliation::json ->> 'call' IS NOT NULL THEN 'telephone'
         WHEN NEW.confirmed_by <> '' THEN 'letter' ELSE '' END,
    coalesce(NEW.form::json ->> 'code', ''), coalesce(NEW.form::json ->> 'category', ''),
    coalesce(NEW.background::json ->> 'domain_kind', ''))
  ON CONFLICT (case_id) DO UPDATE SET
    opened_on = excluded.opened_on, state = excluded.state, decided = excluded.decided,
    confirmed = excluded.confirmed, code = excluded.code, category = excluded.category,
    domain_kind = excluded.domain_kind;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_figured AFTER INSERT ON cases FOR EACH ROW WHEN (NOT copying()) EXECUTE FUNCTION cases_figured();
CREATE TRIGGER cases_figured_again AFTER UPDATE ON cases FOR EACH ROW
  WHEN (NEW.erased_at IS NULL) EXECUTE FUNCTION cases_figured();

-- Cases that have to be indexed again; until then, the search reads them directly.
CREATE FUNCTION words_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO words_due (case_id) VALUES (NEW.id) ON CONFLICT (case_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER words_due_of_new AFTER INSERT ON cases FOR EACH ROW
  WHEN (NEW.erased_at IS NULL AND NOT copying()) EXECUTE FUNCTION words_noted();
CREATE TRIGGER words_due_of_changed AFTER UPDATE OF name, organisation, applicant ON cases FOR EACH ROW
  WHEN (NEW.erased_at IS NULL AND (NEW.name <> OLD.name OR NEW.organisation <> OLD.organisation
                                   OR NEW.applicant <> OLD.applicant))
  EXECUTE FUNCTION words_noted();

CREATE FUNCTION mails_tallied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally('mail', NEW.kind, NEW.received_at);
  RETURN NULL;
END $$;
CREATE TRIGGER mails_tallied AFTER INSERT ON mails FOR EACH ROW WHEN (NOT copying()) EXECUTE FUNCTION mails_tallied();

CREATE FUNCTION refusals_tallied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally('refusal', NEW.reason, NEW.last_at);
  RETURN NULL;
END $$;
CREATE TRIGGER refusals_begun AFTER INSERT ON refusals FOR EACH ROW WHEN (NOT copying()) EXECUTE FUNCTION refusals_tallied();
CREATE TRIGGER refusals_tallied AFTER UPDATE OF n ON refusals FOR EACH ROW EXECUTE FUNCTION refusals_tallied();

CREATE FUNCTION letters_tallied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally('letter', NEW.state, coalesce(
    NEW.sent_at, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24')));
  RETURN NULL;
END $$;
CREATE TRIGGER letters_tallied AFTER UPDATE OF state ON letters FOR EACH ROW
  WHEN (NEW.state <> OLD.state AND NEW.state IN ('sent', 'refused', 'recalled'))
  EXECUTE FUNCTION letters_tallied();

CREATE FUNCTION requests_figured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_figures SET complete_on = tokyo_day(NEW.queued_at)
  WHERE case_id = NEW.case_id AND complete_on IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER requests_figured AFTER INSERT ON letters FOR EACH ROW
  WHEN (NEW.letter = 'review_request' AND NOT copying()) EXECUTE FUNCTION requests_figured();

-- Cases that have to be counted again for their day; until then, reports read them directly.
CREATE FUNCTION figures_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tallies_due (case_id) VALUES (NEW.case_id) ON CONFLICT (case_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER tallies_due_of_new AFTER INSERT ON case_figures FOR EACH ROW
  WHEN (NOT copying()) EXECUTE FUNCTION figures_noted();
CREATE TRIGGER tallies_due_of_changed AFTER UPDATE OF opened_on, state, decided, confirmed, code, category, domain_kind,
  complete_on, invited_on, revoked ON case_figures FOR EACH ROW
  WHEN ((NEW.opened_on, NEW.state, NEW.decided, NEW.confirmed, NEW.code, NEW.category, NEW.domain_kind, NEW.complete_on,
         NEW.invited_on, NEW.revoked) IS DISTINCT FROM
        (OLD.opened_on, OLD.state, OLD.decided, OLD.confirmed, OLD.code, OLD.category, OLD.domain_kind, OLD.complete_on,
         OLD.invited_on, OLD.revoked))
  EXECUTE FUNCTION figures_noted();

CREATE FUNCTION reasons_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tallies_due (case_id) VALUES (NEW.id) ON CONFLICT (case_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER tallies_due_of_reason AFTER UPDATE OF reason ON cases FOR EACH ROW
  WHEN (NEW.erased_at IS NULL AND NEW.reason <> OLD.reason) EXECUTE FUNCTION reasons_noted();
