/// Queries of Prometheus after 2.42, which 2.42 refuses: what in each is newer.
enum NewerQueries {
    static let all: [(query: String, feature: String)] = [
        ("{\"http.requests\"}", "names in quotes"), ("{\"http.requests\", job=\"a\"}", "names in quotes"),
        ("{\"a.b\"=\"c\", __name__=\"x\"}", "names in quotes"), ("x{\"a.b\"=~\"c\"}", "names in quotes"),
        ("sum by (\"a.b\") (x)", "names in quotes"), ("x * on ('a b') y", "names in quotes"),
        ("sum by (a:b) (x)", "a colon in a label's name"), ("1_000", "underscores in numbers"),
        ("0x_ff".replacing("x_", with: "x"), "none"),
        ("x[300]", "numbers as durations"), ("x offset 300", "numbers as durations"),
        ("x > 5m", "durations as numbers"),
        ("x offset 0s", "an offset of 0"), ("limitk(5, x)", "new functions"), ("limit_ratio(0.1, x)", "new functions"),
        ("histogram_avg(x)", "new functions"), ("histogram_stddev(x)", "new functions"),
        ("histogram_stdvar(x)", "new functions"),
        ("sort_by_label(x, \"a\", \"b\")", "new functions"), ("mad_over_time(x[5m])", "new functions"),
        ("double_exponential_smoothing(x[5m], 0.5, 0.5)", "new functions"), ("info(x, {a=~\".*\"})", "new functions"),
        ("info(x)", "new functions"),
        ("first_over_time(x[5m])", "new functions"),
        ("x[5m] anchored".replacing("x[5m] anchored", with: "rate(x[5m] anchored)"), "modifiers"),
        ("x smoothed", "modifiers"),
        ("x[5m * 2]", "arithmetic of durations"), ("x[step() + 1m]", "arithmetic of durations"),
        ("x offset -(5m - 1m)", "arithmetic of durations"),
        ("x[max_of(5m, step())]", "arithmetic of durations"), ("x + fill(0) y", "fill"),
        ("x == bool on (a) fill_left(-1) fill_right(inf) y", "fill"),
        ("x </ 5", "trimming"), ("x >/ 5", "trimming"), ("max_of(1, 2)", "new functions"),
        ("x @ 5m", "durations as numbers"),
    ].filter { $0.1 != "none" }.map { (query: $0.0, feature: $0.1) }
}
