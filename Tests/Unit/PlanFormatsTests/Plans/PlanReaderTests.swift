import Analysis
import Judging
import PlanFormats
import Testing

@Suite struct PlanReaderTests {
    private static let full = """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: checkout
        match: {applications: [checkout, "checkout-*"], environments: [production]}
        scopes:
          control: {labels: {track: stable, version: 1.10}}
          experiment: {labels: {track: canary, flag: no}}
        judge: conditions
        schedule: {warmup: 1m, step: 15s, interval: 1m, lifetime: 15m, window: 5m, delay: 10s, deadline: 2h}
        thresholds: {pass: 90, marginal: 60.5}
        groupWeights: {errors: 60, latency: 40}
        failFast: onCritical
        minimumSamples: 7
        metrics:
          - name: error-ratio
            query: sum(rate(http_requests_total{app="${application}", ${scope}, code=~"5.."}[1m]))
            groups: [errors, latency]
            weight: 2
            direction: increase
            critical: true
            muted: false
            noData: fail
            missing: replace
            outliers: {remove: 2.5}
            effect: {measure: cles, allowedIncrease: 0.7, allowedDecrease: 0.3, criticalIncrease: 0.9, criticalDecrease: 0.1}
            combine: maximum
            condition: canary <= max(1.2 * control, 0.01)
            marginal: canary <= 2 * control
          - {name: m2, query: up, group: errors, condition: canary < 1, outliers: keep}
        """

    private static let minimal = """
        name: p
        schedule: {interval: 1m, lifetime: 50m}
        metrics: [{name: m, query: up}]
        """

    @Test func everyField() throws {
        let plan = try PlanReader().readInline(Self.full).plan
        var expected = AnalysisPlan(
            name: "checkout",
            match: PlanMatch(applications: ["checkout", "checkout-*"], environments: ["production"]),
            scopes: PlanScopes(
                control: .labels(["track": "stable", "version": "1.10"]),
                experiment: ["track": "canary", "flag": "no"]
            ),
            judge: "conditions",
            schedule: AnalysisSchedule(
                warmup: .seconds(60),
                step: .seconds(15),
                interval: .seconds(60),
                lifetime: .seconds(900),
                window: .sliding(.seconds(300)),
                delay: .seconds(10),
                deadline: .seconds(7200)
            ),
            thresholds: Thresholds(pass: 90, marginal: 60.5),
            groupWeights: ["errors": 60, "latency": 40],
            failFast: .onCritical,
            minimumSamples: 7,
            metrics: []
        )
        expected.metrics = [
            PlannedMetric(
                name: "error-ratio",
                query: #"sum(rate(http_requests_total{app="${application}", ${scope}, code=~"5.."}[1m]))"#,
                groups: ["errors", "latency"],
                weight: 2,
                direction: .increase,
                critical: true,
                muted: false,
                noData: .fail,
                nanStrategy: .replace,
                outlierFactor: 2.5,
                effect: PlannedEffect(
                    measure: .cles,
                    allowedIncrease: 0.7,
                    allowedDecrease: 0.3,
                    criticalIncrease: 0.9,
                    criticalDecrease: 0.1
                ),
                combine: .maximum,
                condition: try Condition(parsing: "canary <= max(1.2 * control, 0.01)"),
                marginal: try Condition(parsing: "canary <= 2 * control")
            ),
            PlannedMetric(
                name: "m2",
                query: "up",
                groups: ["errors"],
                condition: try Condition(parsing: "canary < 1")
            ),
        ]
        #expect(plan == expected)
    }

    @Test("What is left out has the defaults of the plan") func defaults() throws {
        let plan = try PlanReader().readInline(Self.minimal).plan
        let expected = AnalysisPlan(
            name: "p",
            judge: "sequential",
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(3000)),
            minimumSamples: 1,
            metrics: [PlannedMetric(name: "m", query: "up")]
        )
        #expect(plan == expected)
    }

    @Test("Judges that see all samples at once need five of them") func minimumSamplesOfWindows() throws {
        let text = Self.minimal.replacing("name: p\n", with: "name: p\njudge: NetflixACAJudge-v1.0\n")
        #expect(try PlanReader().readInline(text).plan.minimumSamples == 5)
    }

    @Test("JSON is read as well") func json() throws {
        let text = #"""
            {"name": "p\u002d1", "schedule": {"interval": "1m", "lifetime": "50m", "window": "growing"},
             "scopes": {"control": {"before": "1h"}},
             "metrics": [{"name": "m", "query": "up{a=\"b\"}", "weight": 1.0, "critical": true}]}
            """#
        let plan = try PlanReader().readInline(text).plan
        #expect(plan.name == "p-1")
        #expect(plan.scopes.control == .before(.seconds(3600)))
        #expect(plan.metrics[0].query == #"up{a="b"}"#)
        #expect(plan.metrics[0].critical)
    }

    @Test("A file holds several documents; empty ones are left out") func documents() throws {
        let text = "---\n\(Self.minimal)\n---\n# nothing\n---\n\(Self.minimal.replacing("name: p", with: "name: q"))\n"
        let documents = try PlanReader().read(text, file: "f.yaml")
        #expect(documents.map(\.plan.name) == ["p", "q"])
        #expect(documents.map(\.line) == [2, 8])
        #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(text) }
    }

    @Test("Anchors and aliases are accepted as values") func aliases() throws {
        let text = """
            name: p
            schedule: {interval: 1m, lifetime: 50m}
            metrics:
              - {name: a, query: up, effect: &limits {allowedIncrease: 1.5}}
              - {name: b, query: up * 2, effect: *limits}
            """
        #expect(try PlanReader().readInline(text).plan.metrics[1].effect.allowedIncrease == 1.5)
    }

    /// The text after `name: p`, the expected place and how the error goes on.
    private static let wrongTexts: [(text: String, place: String, error: String)] = [
        ("nme: x", "4:1", "nme: is not a known key (did you mean \"name\"?); known here are apiVersion"),
        ("zzzzzz: x", "4:1", "zzzzzz: is not a known key; known here are"),
        ("apiVersion: assay.dev/v2", "4:13", "apiVersion: must be assay.dev/v1, not \"assay.dev/v2\""),
        ("kind: Plan", "4:7", "kind: must be AnalysisPlan"),
        (
            "judge: netflix", "4:8",
            "judge: \"netflix\" is not a judge; known are sequential, NetflixACAJudge-v1.0, conditions"
        ),
        (
            "judge: NetflixACAJudge", "4:8",
            "judge: \"NetflixACAJudge\" is not a judge (did you mean \"NetflixACAJudge-v1.0\"?)"
        ),
        ("judge:", "4:7", "judge: has no value"),
        ("judge: ~", "4:8", "judge: has no value"),
        ("judge: [conditions]", "4:8", "judge: a list is not a judge"),
        ("match: checkout", "4:8", "match: must be an object with applications, environments, not \"checkout\""),
        ("match: {application: [a]}", "4:9", "match.application: is not a known key (did you mean \"applications\"?)"),
        ("match: {applications: a}", "4:23", "match.applications: must be a list, not \"a\""),
        ("match: {applications: [[a]]}", "4:24", "match.applications[0]: must be a text, not a list"),
        ("match: {applications: [a, '']}", "4:27", "match.applications[1]: must have 1 to 256 bytes"),
        ("match: {applications: [null]}", "4:24", "match.applications[0]: must be a text, not nothing"),
        ("scopes: {canary: {}}", "4:10", "scopes.canary: is not a known key; known here are control, experiment"),
        ("scopes: {control: {}}", "4:19", "scopes.control: give either labels"),
        ("scopes: {control: {labels: {a: b}, before: 1h}}", "4:19", "scopes.control: give either labels"),
        (
            "scopes: {control: {before: yesterday}}", "4:28",
            "scopes.control.before: \"yesterday\" is not a time such as"
        ),
        ("scopes: {control: {before: 0s}}", "4:20", "scopes.control.before: must be longer than 0"),
        ("scopes: {control: {labels: [a]}}", "4:28", "scopes.control.labels: must be an object, not a list"),
        (
            "scopes: {experiment: {labels: {a-b: c}}}", "4:32",
            "scopes.experiment.labels.a-b: is not a Prometheus label name"
        ),
        ("events: {labels: any}", "4:18", "events.labels: \"any\" is not one of"),
        ("events: {plan: any}", "4:10", "events.plan: is not a known key; known here are labels, releases"),
        ("scopes: {experiment: {}}", "4:22", "scopes.experiment.labels: is required"),
        (
            "scopes: {experiment: {labels: {a: {b: c}}}}", "4:35",
            "scopes.experiment.labels.a: must be a text, not an object"
        ),
        ("thresholds: {pass: high}", "4:20", "thresholds.pass: must be a number, not \"high\""),
        ("thresholds: {pass: '95'}", "4:20", "thresholds.pass: must be a number"),
        ("thresholds: {pass: 0x5F}", "4:20", "thresholds.pass: must be a number"),
        ("thresholds: {pass: nan}", "4:20", "thresholds.pass: must be a number"),
        ("thresholds: {pass: 1e999}", "4:20", "thresholds.pass: must be a number"),
        ("thresholds: {pass: 50}", "4:1", "thresholds.marginal: 75, which is the default, is above pass (50)"),
        ("thresholds: {marginal: 101}", "4:1", "thresholds: pass and marginal must lie between"),
        ("groupWeights: {a: 60, b: 50}", "4:1", "groupWeights: add up to more than 100"),
        ("groupWeights: {a: -1}", "4:16", "groupWeights.a: -1.0 is not a percentage"),
        ("groupWeights: {[a]: 1}", "4:16", "groupWeights: has a list as a key"),
        ("failFast: true", "4:11", "failFast: \"true\" is not one of onFail, onCritical, never"),
        (
            "failFast: OnFail", "4:11",
            "failFast: \"OnFail\" is not one of onFail, onCritical, never (did you mean \"onFail\"?)"
        ),
        ("minimumSamples: 2.5", "4:17", "minimumSamples: must be a whole number"),
        ("minimumSamples: 99999999999999999999", "4:17", "minimumSamples: must be a whole number"),
        ("minimumSamples: 60", "4:1", "minimumSamples: asks for 60 samples"),
        ("name: q", "1:1", "\"name\" is given more than once"),
        ("\"name\": q", "1:1", "\"name\" is given more than once"),
        ("match: {applications: [}", "4:24", "is not YAML: "),
        ("match: {applications: [a", "5:1", "is not YAML: "),
        ("judge: \"conditions", "5:1", "is not YAML: "),
        ("\tjudge: conditions", "4:1", "is not YAML: "),
        ("judge: *missing", "4:8", "is not YAML: found undefined alias"),
        ("judge: @x", "4:8", "is not YAML: "),
    ]

    @Test("Wrong text is found at its line and column", arguments: wrongTexts.indices)
    func wrong(index: Int) {
        let (text, place, expected) = Self.wrongTexts[index]
        let errors = #expect(throws: PlanFileErrors.self, "\(text)") {
            try PlanReader().read("\(Self.minimal)\n\(text)\n", file: "p.yaml")
        }
        let found = errors?.description ?? ""
        #expect(found.hasPrefix("p.yaml:\(place): error: \(expected)"), "\(text): \(found)")
        #expect(errors?.errors.count == 1, "\(found)")
    }

    /// A metric in flow style; the list begins at line 3, column 11.
    private static let wrongMetrics: [(text: String, field: String, error: String)] = [
        ("{query: up}", "metrics[0].name", "is required"),
        ("{name: m}", "metrics[0].query", "is required"),
        ("{name: m, query: ''}", "metrics[0].query", "must have 1 to 16384 bytes"),
        ("{name: m, query: }", "metrics[0].query", "has no value"),
        ("up", "metrics[0]", "must be an object with name, query"),
        ("{name: m, query: up, qeury: x}", "metrics[0].qeury", "is not a known key (did you mean \"query\"?)"),
        ("{name: m, query: up, group: a, groups: [b]}", "metrics[0].groups", "cannot be given beside group"),
        ("{name: m, query: up, groups: a}", "metrics[0].groups", "must be a list"),
        ("{name: m, query: up, weight: heavy}", "metrics[0].weight", "must be a number"),
        ("{name: m, query: up, weight: 0}", "metrics[0].weight", "must be greater than 0"),
        ("{name: m, query: up, weight: 2}", "metrics[0].weight", "is only known to the judge conditions"),
        (
            "{name: m, query: up, direction: up}", "metrics[0].direction",
            "\"up\" is not one of increase, decrease, either"
        ),
        ("{name: m, query: up, direction: increases}", "metrics[0].direction", "\"increases\" is not one of"),
        ("{name: m, query: up, critical: yes}", "metrics[0].critical", "must be true or false, not \"yes\""),
        ("{name: m, query: up, critical: 'true'}", "metrics[0].critical", "must be true or false"),
        ("{name: m, query: up, muted: 1}", "metrics[0].muted", "must be true or false"),
        ("{name: m, query: up, noData: hodl}", "metrics[0].noData", "\"hodl\" is not one of hold, pass, fail, zero"),
        ("{name: m, query: up, missing: drop}", "metrics[0].missing", "\"drop\" is not one of remove, replace"),
        (
            "{name: m, query: up, outliers: remove}", "metrics[0].outliers",
            "\"remove\" is neither keep nor {remove: FACTOR}"
        ),
        ("{name: m, query: up, outliers: {}}", "metrics[0].outliers.remove", "is required"),
        ("{name: m, query: up, outliers: {remove: 0}}", "metrics[0].outliers", "the factor must be greater than 0"),
        ("{name: m, query: up, outliers: {remove: 3, factor: 3}}", "metrics[0].outliers.factor", "is not a known key"),
        ("{name: m, query: up, effect: 1.2}", "metrics[0].effect", "must be an object"),
        ("{name: m, query: up, effect: {measure: mean}}", "metrics[0].effect.measure", "\"mean\" is not one of"),
        (
            "{name: m, query: up, effect: {allowedIncrese: 1}}", "metrics[0].effect.allowedIncrese",
            "is not a known key (did you"
        ),
        ("{name: m, query: up, combine: avg}", "metrics[0].combine", "\"avg\" is not one of sum, average"),
        ("{name: m, query: up, condition: canary <=}", "metrics[0].condition", "is not a condition: column"),
        (
            "{name: m, query: up, condition: canary < 1}", "metrics[0].condition",
            "is only known to the judge conditions"
        ),
        ("{name: m, query: bad}", "metrics[0].query", "names no variable"),
    ]

    @Test("Wrong metrics are found", arguments: wrongMetrics.indices)
    func wrongMetric(index: Int) {
        let (text, field, expected) = Self.wrongMetrics[index]
        let reader = PlanReader { $0 == "bad" ? .wrongTemplate(line: 1, column: 1, "names no variable") : nil }
        let errors = #expect(throws: PlanFileErrors.self, "\(text)") {
            try reader.read(Self.minimal.replacing("{name: m, query: up}", with: text), file: "p.yaml")
        }
        let error = errors?.errors.first
        #expect(error?.field == field, "\(text): \(errors?.description ?? "")")
        #expect(error?.problem.hasPrefix(expected) == true, "\(text): \(errors?.description ?? "")")
        #expect(error?.line == 3 && (error?.column ?? 0) >= 11)
    }

    @Test(
        "A required key that is missing is reported where it should stand",
        arguments: ["name", "schedule", "metrics"]
    )
    func required(key: String) {
        let lines = Self.minimal.split(separator: "\n").filter { !$0.hasPrefix(key) }.joined(separator: "\n")
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(lines, file: "p.yaml") }
        #expect(errors?.description == "p.yaml:1:1: error: \(key): is required")
    }

    @Test("Required keys of the schedule", arguments: ["interval", "lifetime"])
    func requiredSchedule(key: String) {
        let text = Self.minimal.replacing("\(key): ", with: "warmup: ")
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(errors?.errors.first?.description == "p.yaml:2:11: error: schedule.\(key): is required")
    }

    @Test("Several errors are reported together, by line, at most 20") func several() {
        let text = """
            name: p
            colour: red
            schedule: {interval: soon, lifetime: 5m}
            metrics: [{name: m, query: up, weight: x}]
            judge: none
            """
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(errors?.errors.map(\.field) == ["colour", "schedule.interval", "metrics[0].weight", "judge"])
        let many = "metrics: [" + Array(repeating: "{weight: x}", count: 30).joined(separator: ", ") + "]"
        let capped = #expect(throws: PlanFileErrors.self) { try PlanReader().read(many, file: "p.yaml") }
        #expect(capped?.errors.count == 20)
        #expect(capped?.omitted == 72)
        #expect(capped?.description.hasSuffix("\nand 72 more") == true)
    }

    @Test("Rules that span keys are checked beside what cannot be read")
    func atOnce() throws {
        let text = """
            name: p
            schedule: {interval: 1m, lifetime: 90s, step: 20s}
            thresholds: {pass: 50, marginal: 60}
            metrics:
              - {name: a, query: up, weight: heavy}
              - {name: b, query: up, condition: canary < 1}
              - {name: b, query: up}
            """
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(
            error?.errors.map(\.field) == [
                "schedule.lifetime", "thresholds.marginal", "metrics[0].weight", "metrics[1].condition",
                "metrics[2].name",
            ]
        )
    }

    @Test(
        "Nothing is said about values that stand in for what cannot be read",
        arguments: [
            ("judge: condition", ["judge"]), ("judgee: conditions", ["judgee"]),
            ("judge: conditions\nschedule: {interval: soon, lifetime: 90s}", ["schedule.interval"]),
            (
                "judge: conditions\nminimumSamples: 5000\nschedule: {interval: 1m, lifetime: long}",
                ["schedule.lifetime"]
            ),
            (
                "sequential: {passAfter: 10m}\nschedule: {interval: 1m, lifetme: 30m, lifetime: 30m, step: 15s}",
                ["schedule.lifetme"]
            ),
            ("sequential: {passAfter: 10m}\nschedule: {interval: 1m, lifetime: 30 min}", ["schedule.lifetime"]),
        ]
    )
    func noFollowUps(text: String, fields: [String]) {
        let schedule = text.contains("schedule") ? "" : "schedule: {interval: 1m, lifetime: 5m}\n"
        let condition = text.contains("judge") ? ", condition: canary < 1" : ""
        let plan = "name: p\n\(schedule)\(text)\nmetrics: [{name: m, query: up\(condition)}]\n"
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().read(plan, file: "p.yaml") }
        #expect(error?.errors.map(\.field) == fields)
    }

    @Test("A file without a plan", arguments: ["", "# only a comment\n", "---\n---\n", "~"])
    func empty(text: String) {
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(errors?.description == "p.yaml: error: holds no plan")
    }

    @Test("A document that is no object", arguments: ["plan", "- a", "5", "'x'"])
    func notAnObject(text: String) {
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(errors?.description.hasPrefix("p.yaml:1:1: error: must be an object with apiVersion") == true)
    }
}
