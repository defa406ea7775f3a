"""Ports of 127.0.0.1 for programs that listen on them later.

The blocks are those of `Tests/Support/Processes/PortBlocks.swift`, where the reasons are: so no test process gets a port
of another, in Python or in Swift.
"""

import random
import socket
from pathlib import Path

SIZE = 50
SETTING = Path("/proc/sys/net/ipv4/ip_local_port_range")


def blocks(first: int, last: int) -> list[range]:
    """Those outside of the range from which the kernel chooses; all where it chooses among all."""
    starts = [*range(10_000, 30_000, SIZE), *range(32_800, 65_500, SIZE)]
    every = [range(start, start + SIZE) for start in starts]
    return [block for block in every if block[-1] < first or block[0] > last] or every


def blocks_of_this_machine() -> list[range]:
    try:
        first, last = SETTING.read_text().split()
        return blocks(int(first), int(last))
    except (OSError, ValueError):
        return blocks(32_768, 60_999)


class Supply:
    """Each port once. A block is held by a socket bound to its first port, which ends with the process."""

    def __init__(self, blocks: list[range]):
        self._blocks = random.sample(blocks, len(blocks))
        self._holders: list[socket.socket] = []
        self._rest = iter(())

    def next(self) -> int:
        while True:
            for port in self._rest:
                if holder := bound(port):
                    holder.close()
                    return port
            self._hold_block()

    def _hold_block(self) -> None:
        while self._blocks:
            block = self._blocks.pop()
            if holder := bound(block[0]):
                self._holders.append(holder)
                self._rest = iter(block[1:])
                return
        raise RuntimeError("no block of ports of 127.0.0.1 is left")


def bound(port: int) -> socket.socket | None:
    holder = socket.socket()
    try:
        holder.bind(("127.0.0.1", port))
        return holder
    except OSError:
        holder.close()
        return None


_supply = Supply(blocks_of_this_machine())


def free_port() -> int:
    return _supply.next()
