"""The console of the demo: its pages on loopback, and the codes of its letters on the terminal."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from gateway.cli.shared import loading, output

if TYPE_CHECKING:
    from gateway.demo.sandbox import Sandbox

POLL_S = 0.3
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
_SUBJECTS = ("【サインイン】", "【確認番号")


def open_socket() -> socket.socket:
    """Open a free port on loopback for the pages. Exits if the extra is not installed."""
    from importlib.util import find_spec

    from gateway.net.host.sockets import bind

    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        loading.fail(
            "the console is not installed: pip install 'intake-gateway[console]'", loading.EXIT_CONFIG
        )
    return bind("127.0.0.1", 0)


def _find_url(pages: socket.socket) -> str:
    return f"http://127.0.0.1:{pages.getsockname()[1]}"


def format_settings(pages: socket.socket) -> str:
    """Return the demo's settings for the console."""
    operators, decisions = '["sato@kyoso.mihon.go.jp"]', "confirmed"
    url = _find_url(pages)
    return f'\n[console]\npublic_url = "{url}"\noperators = {operators}\ndecisions = "{decisions}"\n'


async def serve(running: Sandbox, pages: socket.socket, stopping: Awaitable[None]) -> None:
    """Serve the pages until stopped, and print each code as it is mailed."""
    from gateway.cli.run.console import build_site
    from gateway.console.asgi.serving import build_server

    server = build_server(build_site(running.app.config, running.folder))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [pages]})
    thread.start()
    members = [one.address for one in running.app.config.staff]
    output.echo(
        f"\nConsole:   {_find_url(pages)}/  (sign in as {' or '.join(members)}; the code appears here)"
    )
    printing = asyncio.create_task(_print_codes(running, members))
    try:
        await stopping
    finally:
        printing.cancel()
        server.should_exit = True
        await asyncio.to_thread(thread.join)


async def _print_codes(running: Sandbox, members: list[str]) -> None:
    told: set[str] = set()
    while True:
        for member in members:
            for letter in running.letters(member):
                name = str(letter["Message-ID"])
                if any(one in str(letter["Subject"]) for one in _SUBJECTS) and name not in told:
                    told.add(name)
                    part = letter.get_body(("plain",))
                    found = _CODE.search(str(part.get_content())) if part is not None else None
                    output.echo(f"Code for {member}: {found[1] if found else '-'}")
        await asyncio.sleep(POLL_S)
