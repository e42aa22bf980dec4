"""The benchmark of growth asks a database that is sound, and every question can be asked."""

import asyncio
from pathlib import Path

from gateway.store.sqlite.integrity.verify import verify
from tests.bench import growth


def test_what_the_benchmark_fills_is_a_sound_database(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    growth.fill(path, 60)
    report = verify(path)
    assert report.is_sound, report
    bench = growth.Bench(path, 60)

    async def ask_all() -> None:
        bench.store.open()
        for ask in growth.QUESTIONS.values():
            await ask(bench)
        assert await growth.memory(bench, 1_000) < 100
        bench.reader.close()
        bench.store.close()

    asyncio.run(ask_all())
    assert verify(path).checks[0].is_sound
