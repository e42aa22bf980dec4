"""`gateway init`: prompts for what it needs, writes settings and keys, and prints the next steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, output, prompts
from gateway.cli.shared.prompts import Prompter

if TYPE_CHECKING:
    from gateway.app.install.files import Answers, WrittenFile
    from gateway.net.host.desk_units import DeskUnits

EPILOG = """\b
Examples:
  gateway init
  gateway init --config ./trial
  gateway init --batch --domain gw.example.go.jp --address 192.0.2.25 \\
    --staff '佐藤 <sato@example.go.jp>' --staff '鈴木 <suzuki@example.go.jp>' \\
    --smarthost smtp.example.go.jp --tls required --username gateway --password-file - \\
    --join-link https://join.example/t/kyoso
"""


@click.command(epilog=EPILOG)
@click.option(
    "--config",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/etc/gateway"),
    show_default=True,
    help="Directory for the settings. Keys are written to /etc/credstore if this is /etc/gateway or "
    "/etc/gateway-NAME (one of several desks), otherwise next to the settings.",
)
@click.option("--batch", is_flag=True, help="Do not prompt; use the default for every value not given.")
@click.option("--domain", help="Domain that receives applications.")
@click.option("--request", help="Local part of the application address (default: request).")
@click.option("--name", help="Name of the office, as shown in outgoing mail.")
@click.option("--contact", help="Contact details of the office, as shown in outgoing mail.")
@click.option("--community", help="Name of the community.")
@click.option(
    "--staff",
    multiple=True,
    metavar="'NAME <ADDRESS>'",
    help="Staff member who decides cases; may be repeated.",
)
@click.option("--address", multiple=True, help="Public IP address of this machine; may be repeated.")
@click.option("--hostname", help="Host name that this machine uses in SMTP (default: the domain).")
@click.option("--smarthost", metavar="HOST[:PORT]", help="Server that relays outgoing mail.")
@click.option("--mx", is_flag=True, help="Deliver directly to the recipients' MX, without a smarthost.")
@click.option(
    "--tls", type=click.Choice(list(prompts.DEFAULT_PORTS)), help="TLS mode for connections to the smarthost."
)
@click.option(
    "--username", help="SMTP AUTH user name. The password is prompted for, never passed as an argument."
)
@click.option(
    "--password-file",
    type=click.File("r"),
    help="Read the smarthost password from the first line of this file (- for standard input).",
)
@click.option("--join-link", help="Link that invited people follow to join.")
@click.option("--dkim/--no-dkim", default=True, help="Create a DKIM key (default: yes).")
@click.option(
    "--self-signed/--no-certificate",
    "certificate",
    default=True,
    help="Create a self-signed certificate (default: yes).",
)
def init(folder: Path, batch: bool, **given: Any) -> None:
    """Create settings and keys for a new gateway.

    Prompts for the domain, the staff and the outgoing mail server, then prints the next steps.

    Never overwrites a file and never prints a secret. Values given as options are not prompted for.
    """
    from gateway.app.install import files as setup
    from gateway.app.wiring.desk import utc_now

    if (folder / "gateway.toml").exists():
        loading.fail(f"{folder / 'gateway.toml'} exists; edit it, or use a different --config", 1)
    answers = _ask_answers(Prompter(batch), given)
    try:
        written = setup.write_files(folder.absolute(), answers, utc_now())
    except (setup.SetupError, OSError) as error:
        loading.fail(str(error), 1)
    _check(folder)
    _print_next_steps(folder, written, batch=batch)


def _ask_answers(asked: Prompter, given: dict[str, Any]) -> Answers:
    from gateway.app.install.files import Answers

    values: dict[str, object] = {
        "desk.domain": asked.value("--domain", given["domain"], _PROMPTS["domain"], prompts.parse_domain)
    }
    for option, default in _TEXTS.items():
        said = asked.value(f"--{option}", given[option], _PROMPTS[option], prompts.parse_text, default)
        values[f"desk.{option}"] = said
    staff = _ask_staff(asked, given["staff"])
    if given["hostname"]:
        values["listen.hostname"] = asked.value("--hostname", given["hostname"], "", prompts.parse_domain)
    found = asked.value(
        "--address", " ".join(given["address"]) or None, _PROMPTS["address"], prompts.parse_addresses, ""
    )
    values["listen.public_addresses"] = found
    password = _ask_delivery(asked, given, values)
    join_link = asked.value("--join-link", given["join_link"], _PROMPTS["join_link"], prompts.parse_link)
    values["invitation.join_link"] = join_link
    return Answers(values, staff, password, given["dkim"], given["certificate"])


def _ask_staff(asked: Prompter, said: tuple[str, ...]) -> list[tuple[str, str]]:
    staff = [asked.value("--staff", text, "", prompts.parse_person) for text in said]
    while not staff or (not said and asked.more("Another staff member?")):
        staff.append(asked.value("--staff", None, _PROMPTS["staff"], prompts.parse_person))
    return staff


def _ask_delivery(asked: Prompter, given: dict[str, Any], values: dict[str, object]) -> str:
    """Add the delivery settings to `values`; return the password."""
    if given["mx"]:
        values["delivery.transport"] = "mx"
        return ""
    host = asked.value("--smarthost", given["smarthost"], _PROMPTS["smarthost"], prompts.parse_host)
    usual = "opportunistic" if host.is_local else "required"
    tls = asked.value("--tls", given["tls"], _PROMPTS["tls"], prompts.parse_tls, usual)
    port = host.port or prompts.DEFAULT_PORTS[tls]
    values |= {"delivery.host": host.name, "delivery.port": port, "delivery.tls": tls}
    name = asked.value("--username", given["username"], _PROMPTS["username"], prompts.parse_text, "")
    if not name:
        return ""
    values["delivery.username"] = name
    file = given["password_file"]
    password = (
        file.readline().rstrip("\r\n") if file is not None else asked.secret("SMTP AUTH password (not shown)")
    )
    if not password:
        raise click.UsageError("the password is empty")
    return str(password)


_TEXTS = {
    "request": "request",
    "name": "参加受付窓口",
    "contact": "",
    "community": "共創プラットフォーム",
}
_PROMPTS = {
    "domain": "Domain that receives applications, such as gw.example.go.jp",
    "request": "Application address: ...@domain",
    "name": "Name of the office, as shown in outgoing mail",
    "contact": "Contact details of the office (telephone, hours)",
    "community": "The community that people apply to join",
    "staff": "Staff member who decides cases: NAME <ADDRESS>",
    "address": "Public IP addresses of this machine, separated by spaces (for DNS; empty: add them later)",
    "smarthost": "Server that relays outgoing mail: HOST or HOST:PORT",
    "tls": "TLS mode: none, opportunistic, required (STARTTLS) or implicit",
    "username": "SMTP AUTH user name (empty: none)",
    "join_link": "Link that invited people follow to join, https://...",
}


def _check(folder: Path) -> None:
    """Check that the written settings are valid; if an answer was wrong, the error names it."""
    from gateway import settings

    try:
        settings.load(folder / settings.FILE_NAME)
    except settings.SettingsError as error:
        loading.fail(
            f"{error}\nThe file was written; edit it, then run gateway config check", loading.EXIT_CONFIG
        )


def _print_next_steps(folder: Path, written: tuple[WrittenFile, ...], *, batch: bool) -> None:
    """Print the next steps, one screen at a time on a terminal."""
    screens = _format_next_steps(folder, written)
    pausing = not batch and prompts.is_interactive()
    for place, screen in enumerate(screens, start=1):
        output.echo(f"\n[{place}/{len(screens)}] {screen}")
        if pausing and place < len(screens):
            click.prompt("Press Enter for the next step", default="", show_default=False, prompt_suffix=" ")


def _format_next_steps(folder: Path, written: tuple[WrittenFile, ...]) -> list[str]:
    from gateway.app.wiring.files.resources import resource_dir
    from gateway.net.host.desk_units import TIMERS, find_units

    whole, names = folder.absolute() == Path("/etc/gateway"), find_units(folder.absolute())
    system = whole or bool(names.desk)
    config = "" if whole else f" --config {folder}"
    files = "\n".join(
        f"  {one.path}   {one.what}{' (already existed, kept)' if one.existed else ''}" for one in written
    )
    owner = _say_faults(folder, names) if system else ""
    units = resource_dir("systemd")
    start = f"  gateway serve{config}"
    if system:
        start = (
            f"  install -m 644 {units}/gateway* /etc/systemd/system/\n"
            "  systemctl daemon-reload\n"
            f"  systemctl enable --now {' '.join(map(names.name, ('gateway.socket', 'gateway.service')))}\n"
            f"  systemctl enable --now {' '.join(map(names.name, TIMERS))}"
        )
    return [
        f"Written:\n{files}\n{owner}  Review the settings; the file explains every key.",
        f"Publish the DNS records. These commands print them as a list and as a zone file:\n"
        f"  gateway dns{config}\n  gateway dns{config} --zone",
        (
            "Check the installation. DNS changes may take an hour to be visible everywhere:\n  gateway "
            f"doctor{config}"
        ),
        f"Start the service:\n{start}",
        "Send a test application from an address of your office, reply 承認 to the review request, then run\n"
        f"  gateway case list{config}",
    ]


def _say_faults(folder: Path, units: DeskUnits) -> str:
    """Describe which user, group, owners and modes the service still needs; the units come later."""
    from gateway import settings
    from gateway.app.doctor import installation

    config = settings.load(folder / settings.FILE_NAME, serving=False)
    found = [
        one
        for one in installation.find_faults(config, installation.this_machine(), units)
        if "unit" not in one.text and one.check == installation.CHECK
    ]
    return "".join(f"  {one.text}\n    -> {one.to_do}\n" for one in found)
