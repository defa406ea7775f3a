/// Queries that Prometheus 2.42 refuses, and every newer one.
enum RefusedQueries {
    static let all =
        texts + selectors + strings + numbers + calls + aggregations + operators + ranges + regularExpressions

    private static let texts = [
        "", " ", "# only a comment", "(", ")", "(x", "x)", "{", "}", "[", "]", "x{", "x[5m", "x y", "1 2", "x 1", "$",
        "$x", "x;", "x?",
        "x~y", "x & y", "x | y", "x || y", "x && y", "!x", "x = y", "x =~ y", "x !~ y", "PromQL:sum(x)", "{{x}}",
        "[[x]]", "x.y", "ä", "x\u{0}",
        "x,y", ",", "()", "x <> y", "x >= = y", "\\x", "x@", "@", "on", "ignoring", "bool", "group_left", "atan2",
        "x by (a)",
    ]

    private static let selectors = [
        "{}", "{job=\"\"}", "{job=~\".*\"}", "{job=~\"\"}", "{job!=\"x\"}", "{job!~\"x\"}", "{job=~\"a|\"}", "up{job}",
        "up{job=}", "up{=\"a\"}",
        "up{job=a}", "up{job==\"a\"}", "up{job=\"a\" x=\"b\"}", "up{,}", "up{job=\"a\",,}", "up{1a=\"b\"}",
        "up{a-b=\"c\"}", "up{job~\"a\"}",
        "up{job!\"a\"}", "up{{job=\"a\"}}", "up{job=\"a\"}{x=\"b\"}", "up{__name__=\"x\"}", "up{a:b=\"c\"}",
        "up{job=1}", "5m{}", "1{a=\"b\"}",
        "up{job=\"a\"", "up{job=\"a}", "on{a=\"b\"}", "inf{a=\"b\"}", "sum by {a=\"b\"}", "up{a=\"b\"} up",
        "{__name__=\"\"}",
    ]

    private static let strings = [
        "\"abc", "'abc", "`abc", "\"a\nb\"", "\"\\q\"", "\"\\'\"", "'\\\"'", "\"\\x4\"", "\"\\400\"", "\"\\08\"",
        "\"\\ud800\"", "\"\\U00110000\"",
        "\"\\u004\"", "\"\\", "\"a\" + 1", "\"a\" == \"b\"", "-\"a\"", "\"a\"[5m:]", "\"a\" offset 5m", "\"\u{FFFD}\"",
        "`\u{FFFD}`", "x + \"a\"",
    ]

    private static let numbers = [
        "1x", "1e", "1e+", "1.5.2", "0x", "0xg", "1..2", ".", "1e1000", "1a", "0b11", "5mm", "1h1",
        "1m1h".replacing("1m1h", with: "x[1m1h]"),
        "1 = 1", "1 == 1", "1 < 2", "1 and 2", "1 or x", "x unless 1", "+", "-", "1 +", "* 1", "1[5m]", "0x1.8", "1_",
        "1__0",
    ]

    private static let calls = [
        "foo(x)", "Rate(x[5m])", "rate(x)", "rate()", "rate(x[5m], 1)", "rate(x[5m],)", "rate(1)", "rate(sum(x))",
        "rate(x[5m]", "abs(1)", "abs(x[5m])",
        "time(1)", "vector(x)", "vector()", "scalar(1)", "round(x, y)", "round(x, 1, 2)", "clamp(x, 1)",
        "histogram_quantile(x)",
        "histogram_quantile(x, 0.9)", "label_replace(x, \"a\", \"b\", \"c\")",
        "label_replace(x, a, \"b\", \"c\", \"d\")", "label_join(x, \"a\")",
        "hour(x, y)", "hour(1)", "predict_linear(x, 1)", "quantile_over_time(x[5m], 0.9)", "job:rate(x[5m])",
        "absent(1)", "sort(1)", "foo{}(x)",
        "rate(x[5m])(y)", "(rate)(x[5m])", "label_join(x, \"a\", \"b\", c)", "rate(,x[5m])", "rate(x[5m] x[5m])",
        "count_over_time(x)",
    ]

    private static let aggregations = [
        "sum()", "sum(x, y)", "sum(1)", "sum(x[5m])", "sum(\"a\")", "sum(x", "sum x", "sum by a (x)",
        "sum by (a b) (x)", "sum by (\"a\" (x)", "sum by (a)",
        "sum by (1) (x)", "sum by (a) (x) by (b)", "sum (x) by", "topk(x)", "topk(x, 5)", "topk(5)", "topk(\"a\", x)",
        "quantile(x, y)",
        "count_values(v, x)", "count_values(1, x)", "count_values(\"v\")", "sum by (,) (x)", "sum by (inf) (x)",
        "sum(x,)", "sum (x) without by (a)",
        "sum by (a) + 1", "by (a) (x)", "sum(x) offset 5m", "sum(x) @ 1", "sum(x)[5m]",
    ]

    private static let operators = [
        "x +", "+", "x + * y", "x == bool", "x + bool y", "1 + bool 2", "x and bool y", "x * on y", "x * on (a)",
        "x * group_left y",
        "x * group_left (a) y", "x * on (a) ignoring (b) y", "x * on (a) group_left (a) y", "x and on (a) group_left y",
        "x or ignoring (a) group_right (b) y",
        "x * on (a) 1", "1 * on (a) x", "1 + on (a) 2", "x == x[5m]", "x[5m] + 1", "-x[5m]", "x atan2", "x ** y",
        "x bool == y", "x == on (a) bool y", "x on (a) == y",
        "x / / y", "x % % y", "x not y", "not x", "x is y", "x in y", "x[5m] and y", "1 unless 2", "x * (y",
        "x * ignoring y",
    ]

    private static let ranges = [
        "x[]", "x[x]", "x[5]m", "x[0s]", "x[-5m]".replacing("-5m", with: "-1m"), "x[5x]", "x[5m]]", "x[[5m]]",
        "x[5m][5m]", "x[5m:1m", "x[:1m]", "x[5m:0s]", "x[5m::1m]",
        "x[5m:1m:1m]", "x[1m1h]", "x[1h1h]", "x[1.5h]", "x[5m:1m][5m]", "x[5m][5m:]", "(x)[5m]", "sum(x)[5m]",
        "rate(x[5m])[5m]", "x offset", "x offset y", "x offset 5m offset 5m",
        "x offset 5m[5m]", "x @ 1 [5m]", "x @ y", "x @", "x @ 1 @ 2", "x @ start", "x @ start(1)", "x @ foo()",
        "x @ inf", "x @ nan", "(x) offset 5m", "1 offset 5m", "x[5m] offset",
        "offset 5m", "x[400y]", "1[5m:]", "x[5m:1m] + 1", "x[5m 1m]", "x[5m", "x[\"5m\"]", "x[5m] x", "x offset \"5m\"",
        "x[5m{}]", "x[${step}]", "x[$__rate_interval]", "x offset 99999999999y",
    ]

    private static let regularExpressions = [
        "*", "+a", "?", "a**", "a+*", "(", ")", "(a", "a)", "[", "[a", "[z-a]", "a{2,1}", "a{1001}", "(a{100}){100}",
        "\\\\", "\\\\1", "\\\\k", "\\\\Z", "\\\\C", "\\\\y",
        "(?!a)", "(?=a)", "(?<!a)", "(?<=a)", "(?", "(?i", "(?P<n)", "(?P<>a)", "(?x)", "(?>a)",
        "(?P=n)", "[[:foo:]]", "\\\\x4", "\\\\x{110000}", "\\\\p", "\\\\p{",
        "|*", "(*)", "[a\\\\]", "\\\\8", "(?i-)", "(?-)", "a{2}{3}".replacing("a{2}{3}", with: "a{2}*"), "\\\\xff\\\\",
        "[\\\\b]", "a???", "\\\\Qa.b",
    ].map { "x{a=~\"\($0)\"}" }
}
