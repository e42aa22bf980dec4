"""The page for IT departments reaches the replies of both paths in: one process, and fronts."""

import msgspec

from gateway.app.wiring.fronts import build_blueprint
from gateway.app.wiring.reception import build_front
from gateway.inbound.front import Front
from gateway.inbound.screening import LocalScreener
from gateway.settings import Settings, load
from tests.support.dns import ZoneResolver
from tests.support.paths import DATA

PAGE = "https://kyoso.example/mail"


def configured() -> Settings:
    config = load(DATA / "careful.toml", serving=False)
    return msgspec.structs.replace(config, desk=msgspec.structs.replace(config.desk, help_link=PAGE))


async def refuse(_: object) -> None:
    raise AssertionError("nothing is submitted")


async def test_the_page_reaches_the_screener_of_one_process_and_of_fronts() -> None:
    config = configured()
    alone = build_front(config, ZoneResolver(""), refuse)  # type: ignore[arg-type] # is not called
    among = build_blueprint(config).build(refuse)  # type: ignore[arg-type] # is not called
    assert isinstance(among, Front)
    for front in (alone, among):
        assert isinstance(front._screener, LocalScreener)
        assert PAGE == front._screener._help_page
