"""What goes on as long as the server runs does not end at the first error."""

from __future__ import annotations

from api.workers import keep_going


async def test_work_that_breaks_down_begins_again_and_ends_when_it_is_done() -> None:
    tried: list[int] = []

    async def work() -> None:
        tried.append(len(tried))
        if len(tried) < 3:
            raise OSError("the database is away")

    await keep_going("try", work, pause=0)
    assert tried == [0, 1, 2]
