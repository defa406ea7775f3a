import pytest

from dashboards import running


@pytest.fixture(scope="session")
def machine():
    """Assay with everything around it, after releases that passed, failed to be judged, and had no data."""
    reason = running.missing()
    if reason:
        pytest.skip(reason)
    machine = running.Machine()
    try:
        machine.start()
        machine.deploy("shop", "nothing", "refused", "stranger")
        running.until("four releases are decided", lambda: machine.finished() == 4)
        running.until("they are acted on", lambda: machine.query('sum(assay_rollout_actions_total)') == "4")
        yield machine
    except Exception:
        print(machine.logs())
        raise
    finally:
        machine.close()
