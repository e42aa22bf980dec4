-- Figures summed up by day; all existing cases are marked, and counted while the service runs.
CREATE TABLE day_tallies (
  what TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (what, day, label)
);
CREATE TABLE tallies_due (case_id BIGINT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE);
ALTER TABLE case_figures ADD COLUMN tallied TEXT COLLATE "C" NOT NULL DEFAULT '';
INSERT INTO tallies_due (case_id) SELECT case_id FROM case_figures;

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
