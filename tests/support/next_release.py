"""The next release of the gateway, made of this one: a step more in the schema."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import gateway
from gateway.store.postgres.schema import VERSION

NEXT = "v9001_next"
# Each line of the journal is noted with the node that wrote it, and a trigger rejects none.
STEP = """
CREATE TABLE written (
  line BIGINT PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL
);
CREATE FUNCTION journal_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO written (line, holder) VALUES (NEW.id, current_setting('gateway.holder'));
  RETURN NULL;
END $$;
CREATE TRIGGER journal_written AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_written();
"""


def build_next(folder: Path) -> str:
    """Write the package into a folder, which becomes PYTHONPATH; gives that."""
    package = folder / "gateway"
    shutil.copytree(Path(gateway.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "config", "systemd"):
        (folder / name).symlink_to(Path(gateway.__file__).parents[1] / name)
    schema = package / "store" / "postgres" / "schema"
    module = schema / "__init__.py"
    text, count = re.subn(f'"{VERSION}"', f'"{NEXT}"', module.read_text(encoding="utf-8"))
    assert count == 1
    module.write_text(text, encoding="utf-8")
    with (schema / "triggers.sql").open("a", encoding="utf-8") as file:
        file.write(STEP)
    (schema / "upgrades" / f"{NEXT}.sql").write_text(STEP, encoding="utf-8")
    return str(folder)
