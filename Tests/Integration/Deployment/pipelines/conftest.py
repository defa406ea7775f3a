"""One service for all examples, and all their runs at once: they mostly wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines import cases
from pipelines.runners import Bench
from pipelines.stack import ASSAY, Stack
from ports import free_port


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    if not ASSAY.exists():
        pytest.fail(f"{ASSAY} is not built: run make build")
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.open()
        yield stack
    finally:
        stack.close()


@pytest.fixture(scope="session")
def outcomes(stack, tmp_path_factory):
    """The outcome of each case, as a future."""
    directory = tmp_path_factory.mktemp("runs")
    nowhere = f"http://127.0.0.1:{free_port()}"
    with ThreadPoolExecutor(max_workers=12) as pool:
        futures = {}
        for case in cases.ALL:
            url = nowhere if case.version == "down" else stack.url
            bench = Bench(directory / case.id, url, case.id)
            futures[case.id] = pool.submit(case.run, bench)
        yield futures
