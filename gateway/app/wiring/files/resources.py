"""The shipped files (templates, register, rules) and the operator's own, which take precedence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import gateway
from gateway.admission import business_days
from gateway.admission.eligibility import rules as eligibility_rules
from gateway.admission.eligibility.assess import Rules
from gateway.admission.organisations import domains, jp_domains
from gateway.app.wiring.active_rules import ActiveRules
from gateway.app.wiring.desk import utc_now
from gateway.settings import Settings, SettingsError
from gateway.settings.model import Affiliation, Eligibility
from gateway.settings.page import read_rules, split_notice
from gateway.store.repositories.organisations import OrganisationDirectory
from gateway.templating.members import list_names
from gateway.templating.renderer import JinjaRenderer, build_environment


def resource_dir(name: str) -> Path:
    """Return a shipped folder (`templates`, `config`, `systemd`): beside the code, or in the checkout."""
    package = Path(gateway.__file__).parent
    shipped = package / "_share" / name
    return shipped if shipped.is_dir() else package.parent / name


def config_file(name: str, folder: Path | None) -> Path:
    """Return a file of `config/`: the operator's beside the settings, or the shipped one."""
    return (
        folder / name if folder is not None and (folder / name).is_file() else resource_dir("config") / name
    )


def load_directory(folder: Path | None) -> OrganisationDirectory:
    """Load the register of organisations. Raises SettingsError."""
    directory = OrganisationDirectory(config_file("organisations.tsv", folder))
    try:
        directory.shipped  # noqa: B018 - read now, so that a broken file is said at the start
    except (OSError, ValueError) as error:
        raise SettingsError(f"organisations.tsv: {error}") from error
    return directory


def load_active_rules(
    config: Settings | None,
    folder: Path | None,
    directory: OrganisationDirectory,
    now: Callable[[], datetime] = utc_now,
) -> ActiveRules:
    """Load the office's additions to the domain rules (none without settings), and the special cases.

    Raises SettingsError.
    """
    path = config_file("eligibility.toml", folder)
    try:
        table = eligibility_rules.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    office = config.eligibility if config is not None else Eligibility()
    personal = domains.PERSONAL | frozenset(office.personal_domains)
    asked = config.affiliation if config is not None else Affiliation()
    rules = Rules(
        personal,
        office.own_domains,
        table=table,
        guest_bodies=jp_domains.GUEST_BODIES | frozenset(asked.guest_domains),
        role_mailboxes=frozenset(asked.role_mailboxes),
    )
    return ActiveRules(rules, directory, lambda: business_days.tokyo_date(now()))


def build_office(config: Settings) -> dict[str, object]:
    """Return what letters may say about the desk."""
    desk = config.desk
    return {
        "name": desk.name,
        "contact": desk.contact,
        "community": desk.community,
        "request": f"{desk.request}@{desk.domain}",
        "open_days": desk.open_days,
        "case_days": config.retention.case_days,
        "raw_mail_days": config.retention.raw_mail_days,
        "rules_version": desk.rules_version,
        "rules_link": desk.rules_link,
        "manual_link": desk.manual_link,
        "guide_link": desk.guide_link,
        "privacy_link": desk.privacy_link,
        "console_link": config.console.public_url if config.console.link_in_letters else "",
        "rules": read_rules(desk.rules_file, "desk.rules_file"),
        "notices": [found for text in desk.notice if (found := split_notice(text))],
        "notice_days": desk.notice_days,
        "english": desk.english,
        "join_link": config.invitation.join_link,
        "valid_days": config.invitation.valid_days,
        "members": list_names((member.address, member.name) for member in config.staff),
    }


def build_renderer(
    config: Settings,
    folder: Path | None,
    without: frozenset[str] = frozenset(),
    now: Callable[[], datetime] = utc_now,
) -> JinjaRenderer:
    """Build the renderer: operator's templates, except those set aside, take precedence over shipped ones.

    `now` determines which notices are recent.
    """
    environment = build_environment(template_folders(folder), without=without)
    return JinjaRenderer((), build_office(config), environment, now)


def template_folders(folder: Path | None) -> list[Path]:
    """Return the folders to search for templates, in order."""
    own = [folder / "templates"] if folder is not None and (folder / "templates").is_dir() else []
    return [*own, resource_dir("templates")]
