import pytest

from dashboards.promql import usage


@pytest.mark.parametrize(
    "expression, metrics, grouped",
    [
        ("up", {"up": set()}, []),
        ('rate(a_total{x="by (z)", y=~"b|c"}[5m])', {"a_total": {"x", "y"}}, []),
        ("sum by (le, x) (rate(a_bucket[1m]))", {"a_bucket": set()}, [({"le", "x"}, {"a_bucket"})]),
        ("sum(rate(a[1m])) by (x) / b", {"a": set(), "b": set()}, [({"x"}, {"a"})]),
        ("sum without (pod) (a) > 0.5", {"a": set()}, []),
        ("a > 3 and on (job) b", {"a": set(), "b": set()}, [({"job"}, {"a", "b"})]),
        ("histogram_quantile(0.9, sum by (le) (a)) * 1e3 - time()", {"a": set()}, [({"le"}, {"a"})]),
        ('label_replace(max by (n) (a{}) == 0, "role", "x", "", "")', {"a": set()}, [({"n"}, {"a"})]),
    ],
)
def test_what_an_expression_uses(expression, metrics, grouped):
    used = usage(expression)
    assert used.metrics == metrics
    assert used.grouped == grouped


@pytest.mark.parametrize("expression", ["a{", "sum by (x", "a ~ b"])
def test_what_is_not_promql(expression):
    with pytest.raises((ValueError, IndexError)):
        usage(expression)
