"""Pages in a browser: what they show at a glance, what names can do to them, and how they follow what happens."""

import re

import pytest

STATES = ["passed", "failed", "marginal", "inconclusive", "no-data", "outage", "superseded", "running", "many", "hostile"]
SIZES = [(1440, 900), (1366, 768), (1024, 768), (390, 844)]


@pytest.fixture
def page(tab):
    page = tab()
    yield page
    page.close()


@pytest.mark.parametrize("state", STATES)
def test_a_laptop_shows_what_happened_how_sure_and_what_next(page, gallery, state):
    """Without scrolling: the whole band, and the first metric with its interval and its result."""
    for width, height in [(1440, 900), (1366, 768)]:
        page.size(width, height)
        page.open(f"{gallery.url}/sessions/{state}")
        for part in ["#headline", ".reason", ".outcome", ".timeline svg", ".metric .effect", ".metric .result"]:
            bottom = page.value(f"document.querySelector('{part}').getBoundingClientRect().bottom")
            assert 0 < bottom <= height, f"{part} at {width}x{height}"


@pytest.mark.parametrize("state", STATES)
def test_no_page_is_wider_than_its_window(page, gallery, state):
    for path in ["/", f"/sessions/{state}", "/a/checkout", "/plans", "/plans/web-service"]:
        for width, height in SIZES:
            page.size(width, height)
            page.open(gallery.url + path)
            assert page.value("document.documentElement.scrollWidth") <= width, f"{path} at {width}"


def test_names_stay_text(page, gallery):
    page.size(1440, 900)
    page.open(f"{gallery.url}/sessions/hostile")
    application = page.value("document.querySelectorAll('nav a')[1].getAttribute('href')")
    environment = page.value("document.querySelectorAll('nav a')[2].getAttribute('href')")
    metric = f"{gallery.url}/sessions/hostile/metrics/0"
    for url in [gallery.url + "/", f"{gallery.url}/sessions/hostile", metric, gallery.url + application, gallery.url + environment]:
        page.open(url)
        assert page.value("document.title") != "taken", url
        assert page.value("document.querySelectorAll('main img, main script, [onerror]').length") == 0, url
        assert "document.title" in page.value("document.body.innerText"), url
        # The crumb behind the name is where it is meant to be, and written from the left.
        assert "\u202e" not in page.value("document.body.textContent"), url
        links = page.value("[...document.links].map((link) => link.href).join(' ')").split()
        assert all(link.startswith((gallery.url + "/", "https://", "http://")) for link in links), url
    assert page.messages == [] and page.dialogs == []


def test_only_what_has_changed_is_replaced(page, gallery):
    page.size(1440, 900)
    page.open(f"{gallery.url}/sessions/running")
    page.value("window.kept = document.querySelector('.metrics'); document.querySelector('details').open = true; 1")
    page.value("document.querySelectorAll('details')[1].querySelector('summary').focus()")
    before = page.value("document.querySelectorAll('.trail tbody tr').length")
    gallery.run("--change", "running")
    page.wait_for(f"document.querySelectorAll('.trail tbody tr').length > {before}")
    assert "one more look" in page.value("document.querySelector('.trail').innerText")
    assert page.value("window.kept === document.querySelector('.metrics') && window.kept.isConnected")
    assert page.value("document.querySelector('details').open && document.querySelectorAll('details')[1].contains(document.activeElement)")
    # And again: it goes on following.
    gallery.run("--change", "running")
    page.wait_for(f"document.querySelectorAll('.trail tbody tr').length > {before + 1}")
    assert page.messages == []


def test_a_page_without_its_stream_asks(page, gallery):
    page.call("Network.setBlockedURLs", urls=["*/stream*"])
    page.open(f"{gallery.url}/sessions/running")
    before = page.value("document.querySelectorAll('.trail tbody tr').length")
    gallery.run("--change", "running")
    page.wait_for(f"document.querySelectorAll('.trail tbody tr').length > {before}")


def test_a_page_that_is_left_holds_no_stream(page, gallery):
    def streams():
        text = page.value(f"fetch('{gallery.url}/metrics').then((answer) => answer.text())")
        return int(float(re.search(r"^assay_http_streams (\S+)$", text, re.M)[1]))

    page.open(f"{gallery.url}/sessions/failed")
    idle = streams()
    page.open(f"{gallery.url}/sessions/running")
    for _ in range(1000):
        if streams() > idle:
            break
    assert streams() > idle
    page.open(f"{gallery.url}/sessions/failed")
    for _ in range(5000):
        if streams() <= idle:
            break
    assert streams() <= idle


def test_the_keyboard_opens_a_metric(page, gallery):
    page.size(1440, 900)
    page.open(f"{gallery.url}/sessions/failed")
    page.press("Tab")
    assert page.value("document.activeElement.className") == "skip"
    for _ in range(60):
        if page.value("document.activeElement.tagName") == "SUMMARY":
            break
        page.press("Tab")
    assert not page.value("document.activeElement.parentElement.open")
    page.press("Enter")
    assert page.value("document.activeElement.parentElement.open")


def test_a_page_works_without_scripts(page, gallery):
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.call("Page.navigate", url=f"{gallery.url}/sessions/running")
    # The page loads itself again; its content is there at once.
    page.wait_for("document.querySelectorAll('details').length === 5")
    assert page.value("document.querySelector('noscript') !== null")
