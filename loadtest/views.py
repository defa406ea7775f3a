#!/usr/bin/env python3
"""Measures what people who look at pages cost: verdicts with open live views and page requests, and without, in turns.

    loadtest/views.py [--rounds 4] [--views 1000] [--pages 200] [--sessions 1000] [--programs .build/release]

Each round is a run of `load` with processes and a store of its own: without readers, with them, with them, without them,
and so on, so that what changes on the machine meanwhile meets both. Then a browser opens a report of 500 metrics.
Needs `swift build -c release --product` of `assay`, `load` and `page-gallery`, and Chromium for the last part.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Integration/Deployment"))

ROWS = {"pass": "last window", "fail": "bad sample"}


class Readers:
    """Open streams, and requests for pages at a steady rate."""

    def __init__(self, port, views, pages):
        self.port, self.views, self.pages = port, views, pages
        self.times, self.events, self.opened, self.refused, self.broken = [], 0, 0, 0, 0

    async def run(self):
        ids = []
        while len(ids) < 50:
            await asyncio.sleep(0.5)
            ids = await asyncio.to_thread(self.sessions)
        streams = [asyncio.create_task(self.listen(ids[number % len(ids)], number)) for number in range(self.views)]
        workers = 20
        asking = [asyncio.create_task(self.ask(ids, number, workers)) for number in range(workers)]
        try:
            await asyncio.gather(*streams, *asking)
        finally:
            for task in streams + asking:
                task.cancel()

    def sessions(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/sessions?limit=200", timeout=10) as answer:
            return [session["id"] for session in json.load(answer)["sessions"]]

    async def listen(self, session, number):
        # A tenth looks at the list.
        query = "" if number % 10 == 0 else f"?session={session}"
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(f"GET /v1/stream{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                status = await reader.readline()
                if b" 200 " not in status:
                    self.refused += 1
                else:
                    self.opened += 1
                    while line := await reader.readline():
                        self.events += line.startswith(b"event:")
                writer.close()
            except OSError:
                self.broken += 1
            await asyncio.sleep(1)

    async def ask(self, ids, number, workers):
        pause, due, count = workers / self.pages, time.monotonic() + number / self.pages, 0
        connection = None
        while True:
            await asyncio.sleep(max(0, due - time.monotonic()))
            count += 1
            path = "/" if count % 5 == 0 else f"/sessions/{ids[(number + count * workers) % len(ids)]}"
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = connection
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(size)
                # From when it was due, not from when it was sent.
                self.times.append((time.monotonic() - due, size, b" 200 " in head.split(b"\r\n")[0]))
            except (OSError, asyncio.IncompleteReadError, StopIteration):
                self.broken += 1
                connection = None
            due += pause


async def round_of(options, directory, has_readers):
    report = directory / "report.md"
    command = [options.programs / "load", "--sessions", options.sessions, "--step", options.step, "--duration", options.duration]
    command += ["--directory", directory, "--report", report, "--keep", "--assay", options.programs / "assay"]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    readers = None
    if has_readers:
        files = []
        while not files and process.returncode is None:
            await asyncio.sleep(0.2)
            files = [path for path in directory.rglob("replica-1-1.port") if path.read_text().strip()]
        if files:
            readers = Readers(int(files[0].read_text()), options.views, options.pages)
            task = asyncio.create_task(readers.run())
    code = await process.wait()
    if readers:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if code != 0:
        sys.exit(f"load ended with {code}: {directory}")
    found = {}
    for line in report.read_text().splitlines():
        for name, start in ROWS.items():
            if start in line and "p99" in line:
                found[name] = [float(value) for value in line.strip("| ").split("|")[-1].split("/")]
        if "CPU s of assay: analyses" in line:
            found["cpu"] = float(line.strip("| ").split("|")[-1].replace(",", ""))
    return found, readers


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


async def verdicts(options):
    rounds = {False: [], True: []}
    print("round  readers  pass p50/p90/p99/max s        fail p50/p90/p99/max s        CPU s  views  pages/s  page ms p50/p99  events")
    for number in range(options.rounds):
        has_readers = number % 4 in (1, 2)
        with tempfile.TemporaryDirectory() as directory:
            started = time.monotonic()
            found, readers = await round_of(options, Path(directory), has_readers)
            seconds = time.monotonic() - started
        rounds[has_readers].append(found)
        words = ["/".join(f"{value:.2f}" for value in found[name]) for name in ROWS]
        line = f"{number + 1:<6} {'with' if has_readers else 'without':<8} {words[0]:<29} {words[1]:<29} {found['cpu']:<6}"
        if readers:
            times = [1000 * taken for taken, _, _ in readers.times]
            rate = len(times) / seconds
            line += f" {readers.opened:<6} {rate:<8.0f} {percentile(times, 0.5):.1f}/{percentile(times, 0.99):.1f}"
            line += f"        {readers.events}  refused {readers.refused}, broken {readers.broken}"
            line += f", not 200: {sum(not isOK for _, _, isOK in readers.times)}"
        print(line, flush=True)
    for name in ROWS:
        for place, label in enumerate(["p50", "p90", "p99", "max"]):
            without, with_readers = ([one[name][place] for one in rounds[kind]] for kind in (False, True))
            if without and with_readers:
                difference = statistics.median(with_readers) - statistics.median(without)
                print(f"{name} {label}: {difference:+.3f} s with readers (median of {len(without)} rounds each)")


def pages(options):
    from pages import browser, gallery

    if not browser.is_installed():
        return print("Chromium is not installed: the first paint was not measured")
    with tempfile.TemporaryDirectory() as directory:
        with gallery.Gallery(Path(directory), options.programs) as service, browser.running() as tab:
            url = f"{service.url}/sessions/many"
            with urllib.request.urlopen(url, timeout=60) as answer:
                print(f"page of 500 metrics: {len(answer.read()):,} bytes")
            page, paints, answers = tab(), [], []
            page.size(1440, 900)
            for _ in range(7):
                page.open(url)
                page.wait_for("performance.getEntriesByName('first-contentful-paint').length > 0")
                paints.append(page.value("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                answers.append(page.value("performance.getEntriesByType('navigation')[0].responseEnd"))
            print(f"first paint: {statistics.median(paints):.0f} ms (median of 7; {min(paints):.0f} to {max(paints):.0f})")
            print(f"answer received after {statistics.median(answers):.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--views", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=200, help="requests a second")
    parser.add_argument("--sessions", default="1000")
    parser.add_argument("--step", default="10s")
    parser.add_argument("--duration", default="2m")
    parser.add_argument("--programs", type=Path, default=ROOT / ".build/release")
    options = parser.parse_args()
    if options.rounds:
        asyncio.run(verdicts(options))
    pages(options)


if __name__ == "__main__":
    main()
