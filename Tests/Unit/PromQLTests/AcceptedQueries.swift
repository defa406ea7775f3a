/// Queries that Prometheus 2.42 accepts.
enum AcceptedQueries {
    static let all =
        selectors + strings + numbers + calls + aggregations + operators + ranges + regularExpressions + real

    private static let selectors = [
        "up", "job:up:sum", ":up", "_x", "up{}", "up{job=\"a\"}", "up{job='a'}", "up{job=`a`}", "up{job=\"a\",}",
        "up{job=\"a\", instance!=\"b\"}", "up{job=~\"a|b\",x!~\"c.*\"}", "{__name__=\"up\"}", "{job=\"a\"}",
        "{job=~\".+\"}", "{job!=\"\"}", "{job!~\"\"}", "{a=~\".*\",b=\"x\"}", "{__name__=~\"a.+\"}",
        "up { job = \"a\" }",
        "up{on=\"a\"}", "up{by=\"a\",sum=\"b\",inf=\"c\"}", "sum", "sum{a=\"b\"}", "by", "without", "and", "or",
        "unless",
        "offset", "count_values", "start", "end", "Start{a=\"b\"}", "AVG", "or or or", "and and and", "sum + by",
        "infinity", "up # a comment", "# a comment\nup", "up{# inside\njob=\"a\"}", "up\r\n", "\tup", "x:y{a=\"b\"}",
        "up{job=\"a\",job=\"b\"}", "up{job=\"\"}", "start + end", "step", "range", "fill", "anchored", "max_of",
    ]

    private static let strings = [
        "\"abc\"", "'abc'", "`abc`", "\"a\\\"b\"", "'a\\'b'", "`a\\b`", "`a\nb`", "\"\\n\\t\\r\\a\\b\\f\\v\\\\\"",
        "\"\\x41\\101\\u0041\\U00000041\"", "\"\\xff\"", "\"\\377\"", "\"ä€😀\"", "(\"a\")", "\"#\"", "\"'\"", "'\"'",
        "\"\"",
        "\"$x ${y} {{z}}\"",
    ]

    private static let numbers = [
        "1", "0", ".5", "5.", "1.5", "1e3", "1E3", "1e+3", "1e-3", "1.5e3", "0x1F", "0X1f", "017", "08",
        "0x7fffffffffffffff",
        "inf", "Inf", "INF", "+inf", "-inf", "nan", "NaN", "-1", "+1", "--1", "- 1", "-+-1", "1e300",
        "9223372036854775808",
        "0xe+5", "1e-400", "00", "007.5",
    ]

    private static let calls = [
        "rate(x[5m])", "irate(x[5m])", "increase(x[1h30m])", "abs(x)", "absent(x)", "time()", "pi()", "vector(1)",
        "vector(time())", "scalar(x)", "scalar(x) + 1", "round(x)", "round(x, 5)", "hour()", "hour(x)", "day_of_year()",
        "clamp(x, 0, 1)", "clamp_max(x, 1)", "clamp_min(x, scalar(y))", "histogram_quantile(0.9, x)",
        "histogram_quantile(scalar(y), sum by (le) (rate(x_bucket[5m])))", "histogram_count(x)", "histogram_sum(x)",
        "histogram_fraction(0, 1, x)", "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")",
        "label_join(x, \"a\", \"-\")",
        "label_join(x, \"a\", \"-\", \"b\", \"c\")", "label_replace(x, (\"a\"), 'b', `c`, \"d\")",
        "predict_linear(x[1h], 3600)",
        "quantile_over_time(0.9, x[5m])", "holt_winters(x[5m], 0.5, 0.5)", "present_over_time(x[5m])", "rate((x[5m]))",
        "timestamp(x)", "sort(x)", "sort_desc(x)", "delta(x[5m])", "deriv(x[5m])", "resets(x[5m])", "changes(x[5m])",
        "avg_over_time(x[5m])", "last_over_time(x[5m])", "absent_over_time(x{a=\"b\"}[5m])", "rate (x[5m])", "time ( )",
        "acosh(x)", "sgn(x)", "rad(x)", "days_in_month(vector(0))", "minute(x offset 1h)", "exp(-x)", "ln(x) - log2(x)",
    ]

    private static let aggregations = [
        "sum(x)", "sum (x)", "SUM(x)", "Sum By (a) (x)", "sum by (a) (x)", "sum by(a)(x)", "sum(x) by (a)",
        "sum(x) without (a, b)", "sum without () (x)", "sum by () (x)", "sum by (a,) (x)", "avg by (by, sum, on) (x)",
        "count(x)", "min(x)", "max(x)", "group(x)", "stddev(x)", "stdvar(x)", "topk(5, x)", "bottomk(scalar(y), x)",
        "quantile(0.9, x)", "count_values(\"v\", x)", "topk by (a) (5, x)", "topk(5, x) by (a)", "sum(sum(x))",
        "count_values without (a) ('v', x)", "sum((x))", "sum(-x)", "sum(x or y)", "sum by (bool, atan2) (x)",
        "sum(sum)",
        "sum by (group_left, ignoring) (x)", "max(max_over_time(x[5m]))",
    ]

    private static let operators = [
        "x + y", "x - y", "x * y", "x / y", "x % y", "x ^ y", "x atan2 y", "x == y", "x != y", "x < y", "x <= y",
        "x > y",
        "x >= y", "x and y", "x or y", "x unless y", "1 + 2", "1 == bool 2", "x == bool 1", "x > bool y", "1 + x",
        "x > 1",
        "x * on (a) y", "x * on () y", "x * ignoring (a, b) y", "x * on (a) group_left y",
        "x * on (a) group_left (b) y",
        "x * on (a) group_left () y", "x * ignoring (a) group_right (b, c) y", "x == bool on (a) group_left y",
        "x and on (a) y", "x or ignoring (a) y", "x unless on () y", "x AND y", "x Or y", "-x", "+x", "- -x", "-x ^ 2",
        "2 ^ -3",
        "2 ^ -x ^ 2", "-1 ^ 2", "a + b * c - d / e % f ^ g", "(a + b) * c", "a == b == c", "a or b and c unless d",
        "x+y", "x-1",
        "x -1", "1-1", "1--1", "x>-1", "a/b", "a/ b", "x == on (a) y", "x ^ on (a) y", "1 + time()", "x * 2 ^ 3",
        "x != bool inf",
        "foo * bool", "x atan2 on (a) y", "x - ignoring (__name__) y", "x and (y or z)", "((((x))))", "x * on (on) y",
        "x / on (a, b,) y", "scalar(x) > bool scalar(y)", "-(1)", "-sum(x)", "x == nan", "x + + y", "x - - - y",
    ].filter { $0 != "foo * bool" }

    private static let ranges = [
        "x offset 5m", "x offset -5m", "x offset - 5m", "x[5m] offset 1h", "rate(x[5m] offset 1h)", "x @ 100",
        "x @ -100.5",
        "x @ +1", "x @ start()", "x @ end()", "x @ start ( )", "x @ 1e9", "x offset 5m @ 100", "x @ 100 offset 5m",
        "x[5m] @ 100",
        "rate(x[5m] @ end() offset 1h)", "x[5m]", "x{a=\"b\"}[5m]", "x[1y2w3d4h5m6s7ms]", "x [5m]", "x[ 5m ]",
        "x[5m:1m]",
        "x[5m:]", "x[5m :1m]", "x[5m: 1m]", "rate(x[5m])[1h:1m]", "sum(x)[1h:]", "(x + y)[1h:1m]", "x[5m:1m] offset 1h",
        "x[5m:] @ 1",
        "avg_over_time(rate(x[5m])[1h:30s])", "max_over_time((a / b)[1h:])",
        "time()[5m:]".replacing("time()", with: "vector(time())"),
        "x offset 1m + y", "-x offset 5m", "x ^ y offset 5m",
        "x[5m:1m][5m:1m]".replacing("[5m:1m][5m:1m]", with: "[5m:1m]"),
        "x offset 10y", "x[90d]", "x[1ms]", "sum(x offset 1d) by (a)", "(x offset 5m)", "x OFFSET 5m",
        "x[5m] OFFSET 5m",
    ]

    private static let regularExpressions = [
        "a|b", "5..", "(a|b)+", "a*?", "a{2,3}", "a{2,}", "a{2}", "a{,3}", "{", "a{x}", "[a-z]", "[^a-z]", "[]a]",
        "[^]a]", "[a-]",
        "[-a]", "[[:alpha:]_]", "[[:^digit:]]", "[\\\\d\\\\w]", "[a\\\\-z]", "\\\\d+", "\\\\.", "\\\\pL",
        "\\\\p{Greek}", "\\\\x41", "\\\\x{41}",
        "\\\\Qa.b\\\\E+", "(?i)abc", "(?i:abc)", "(?:a)", "(?P<n>a)", "(?P<a>x)(?P<a>y)", "(?i-s:a)", "(?U)a+", "^a$",
        "a||b",
        "(|a)", "()", "\\\\b",
        "\\\\Aa\\\\z", "a\\\\B", "\\\\101", "\\\\0", "a{1000}", "(a{10}){100}", "ä+", "[α-ω]", "\\\\-", "\\\\/",
        "x{1}{1}".replacing("{1}{1}", with: "{1}"),
        "[[:x]", "[[.]", "a(?i)*", "\\\\_", "(?s).*", "[\\\\x00-\\\\x7f]", "(?m)^a$", "^*", "a+b*c?",
    ].map { "x{a=~\"\($0)\"}" }

    private static let real = [
        "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))",
        "(sum(rate(a_total[1m])) or vector(0)) / sum(rate(b_total[1m])) * 100",
        "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{app=\"x\"}[5m]))) * 1000",
        "1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))",
        "sum by (pod) (container_memory_working_set_bytes{namespace=~\"prod-.*\", container!=\"\"}) / on (pod) group_left () kube_pod_info",
        "max_over_time(deriv(rate(distance_covered_meters_total[1m])[5m:1m])[10m:])",
        "label_replace(up{job=\"api-server\",service=\"a:c\"}, \"foo\", \"$1\", \"service\", \"(.*):.*\")",
        "sum without (instance) (rate(x_sum[5m])) / ignoring (code) group_left sum without (code) (y)",
        "absent(up{job=\"a\"}) or up{job=\"a\"} == 0", "count(count by (pod) (up)) > bool 3",
        "sum(increase(a_total[1h])) - sum(increase(a_total[1h] offset 1d))",
    ]
}
