# SPDX-License-Identifier: MIT
"""Waiting in an event loop, by the descriptor of the object."""
import asyncio

_TURNS = 64  # results after which other tasks get a turn, when they come without waiting


_waiting = {}  # id of an object -> (loop, future, descriptor) of the task that waits on it


async def _readable(waits):
    """Wait until the descriptor of an object is readable, or the object is closed."""
    if id(waits) in _waiting:
        raise RuntimeError("another task waits on this %s; one task at a time may use it"
                           % type(waits).__name__)
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    fd = waits.fileno()
    _waiting[id(waits)] = loop, future, fd
    loop.add_reader(fd, _finish, future)
    try:
        await future
    finally:
        if _waiting.pop(id(waits), None):
            loop.remove_reader(fd)


def _finish(future):
    if not future.done():
        future.set_result(None)


def closing(waits):
    """Called before an object is closed: its descriptor leaves the loop, and its task goes on."""
    loop, future, fd = _waiting.pop(id(waits), (None, None, None))
    if loop is None or loop.is_closed():
        return
    if in_event_loop():
        loop.remove_reader(fd)
        _finish(future)
    else:
        loop.call_soon_threadsafe(_finish, future)


async def next_result(waits):
    """The next result; StopAsyncIteration at the end."""
    while True:
        try:
            result = waits.next(0)
        except StopIteration:
            raise StopAsyncIteration from None
        if result is not None:
            await _give_way()
            return result
        await _readable(waits)


_count = 0


async def _give_way():
    """Let other tasks run now and then."""
    global _count  # of the process: it need not be exact
    _count += 1
    if _count % _TURNS == 0:
        await asyncio.sleep(0)


def in_event_loop():
    """Whether the caller is a coroutine, or called by one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def collect(waits, items, add, finish):
    """Ask for all items, and give the results, by number, to finish; return what that returns.

    In an event loop the return value is an awaitable of it, and nothing waits before.
    """
    results = [None] * len(items)
    try:
        for number, item in enumerate(items):
            add(number, item)
    except BaseException:
        waits.close()
        raise
    if in_event_loop():
        return _collect_async(waits, results, finish)
    with waits:
        for result in waits:
            results[result.token] = result
    return finish(results)


async def _collect_async(waits, results, finish):
    with waits:
        async for result in waits:
            results[result.token] = result
    return finish(results)
