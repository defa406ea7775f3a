"""A service over a store with an analysis in each state, and a browser."""

import pytest

from pages import browser
from pages.gallery import PROGRAMS, Gallery


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    if not (PROGRAMS / "page-gallery").exists():
        pytest.fail("page-gallery is not built: run make build")
    with Gallery(tmp_path_factory.mktemp("gallery")) as gallery:
        yield gallery


@pytest.fixture(scope="session")
def tab():
    if not browser.is_installed():
        pytest.skip("Chromium is not installed")
    with browser.running() as tab:
        yield tab
