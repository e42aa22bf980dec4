"""How long clients wait for greeting, HELO, MAIL and RCPT while the disk holds a COMMIT or a VACUUM.

usage: python3 tests/bench/standstill.py [--megabytes 250] [--talks 50]

Needs a C compiler; loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from tests.crash import control
from tests.crash.seat import seat, street
from tests.crash.standstill import Standing, standing, talk
from tests.crash.story import post

STEPS = ("greeting", "HELO", "MAIL", "RCPT")


async def measure(folder: Path, megabytes: int, talks: int) -> None:
    """Print the slowest of each step for a COMMIT and for a VACUUM, with no front and with one."""
    library = control.build(folder)
    async with street() as shared, seat(folder, shared, library) as place:
        for fronts in (0, 1):
            async with standing(place, fronts) as stands:
                await stands.hold_commit()
                await show(f"COMMIT, {fronts} fronts", stands, talks)
            async with standing(place, fronts) as stands:
                erasing = await stands.hold_vacuum(megabytes)
                await show(f"VACUUM of {megabytes} MB, {fronts} fronts", stands, talks)
                await erasing


async def show(what: str, stands: Standing, talks: int) -> None:
    """Talk, and let it go on."""
    taken = [await asyncio.to_thread(list, talk(stands.place.port, stands.mail[0])) for _ in range(talks)]
    assert 451 == await post(stands.place.port, *stands.mail)
    stands.go_on()
    slowest = (
        f"{step} {max(each) * 1000:.1f}" for step, each in zip(STEPS, zip(*taken, strict=True), strict=True)
    )
    print(f"{what}: slowest of {talks}, ms: {', '.join(slowest)}", flush=True)


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=250)
    parser.add_argument("--talks", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as name:
        asyncio.run(measure(Path(name), given.megabytes, given.talks))


if __name__ == "__main__":
    main()
