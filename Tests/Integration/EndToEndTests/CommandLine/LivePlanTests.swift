import Testing

extension CommandEndToEndTests {
    /// `assay validate --live` asks a real Prometheus what a plan would ask it.
    @Suite("Plans tried against Prometheus", .serialized, .timeLimit(.minutes(5)))
    struct LivePlanTests {
        private static let plan = """
            apiVersion: assay.dev/v1
            kind: AnalysisPlan
            name: live
            match: {applications: [shop], environments: [test]}
            scopes:
              control: {labels: {track: stable}}
              experiment: {labels: {track: canary}}
            judge: conditions
            schedule: {warmup: 0s, step: 1s, interval: 10s, lifetime: 60s, delay: 0s}
            metrics:
              - {name: slow, query: "sum(slow{${scope}})", condition: canary <= 2 * control}

            """

        private static func plan(_ query: String, _ more: String = "") -> String {
            plan.replacing("sum(slow{${scope}})", with: query).replacing("condition:", with: "\(more)condition:")
        }

        @Test("Series, samples and history of both sides; what could not be judged")
        func live() async throws {
            try await Bench.run { bench in
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                func check(_ text: String, _ more: [String] = []) async throws -> ProgramResult {
                    let path = try bench.write(text, to: "plan.yaml")
                    return try await bench.assay(
                        ["validate", path, "--live", "--prometheus-url", prometheus.url] + more
                    )
                }
                let good = try await check(Self.plan)
                #expect(good.code == 0, "\(good)")
                #expect(good.output.contains(/slow +control +1 +60 +yes +ok/), "\(good)")
                #expect(good.output.contains(/slow +experiment +1 +60 +yes +ok/), "\(good)")

                let cases: [(query: String, more: String, text: String)] = [
                    ("load{${scope}}", "", "2 series where one is meant"),
                    ("sum(load{${scope}})", "", "both sides have the same samples"),
                    ("sum(nothing{${scope}})", "", "no samples: the analysis would wait"),
                    ("sum(limitk(1, load{${scope}}))", "", "unknown function"),
                    ("sum(slow{revision='${revision}', ${scope}})", "", "${revision} has no value"),
                ]
                for (query, more, text) in cases {
                    let found = try await check(Self.plan(query, more))
                    #expect(found.code == 1, "\(query): \(found)")
                    #expect(found.output.contains(text), "\(query): \(found)")
                }
                let zero = try await check(Self.plan("sum(nothing{${scope}})", "noData: zero, "))
                #expect(zero.code == 0, "\(zero)")
                let labels = ["--experiment", "track=stable", "--control", "track=canary"]
                // An event that says so is refused, unless the plan lets it.
                let refused = try await check(Self.plan, labels)
                #expect(refused.code == 1 && refused.output.contains("events.labels: replace"), "\(refused)")
                #expect(try await check("events: {labels: replace}\n" + Self.plan, labels).code == 0)
                let missing = try await check(Self.plan, ["--experiment", "track=nothing"])
                #expect(missing.code == 1, "\(missing)")
            }
        }

        @Test("What the sequential judge can find, from the requests that there are")
        func outlook() async throws {
            try await Bench.run { bench in
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let text = Self.plan.replacing("judge: conditions", with: "judge: sequential")
                    .replacing(
                        #"- {name: slow, query: "sum(slow{${scope}})", condition: canary <= 2 * control}"#,
                        with: """
                            - name: shares
                                errors: sum(rate(load{pod="a", ${scope}}[5s])) or vector(0)
                                requests: sum(load{${scope}})
                            """
                    )
                let path = try bench.write(text, to: "plan.yaml")
                let refused = try await bench.assay(["validate", path])
                #expect(refused.code == 1 && refused.errors.contains("load is a value at a time"), "\(refused)")
                try bench.write(
                    text.replacing("sum(load{${scope}})", with: "sum(rate(load{${scope}}[5s]))"),
                    to: "plan.yaml"
                )
                let told = try await bench.assay(["validate", path, "--weight", "10"])
                #expect(
                    told.code == 0 && told.output.contains("shares: needs errors of both sides together"),
                    "\(told)"
                )
                let live = try await bench.assay([
                    "validate", path, "--live", "--weight", "10", "--prometheus-url", prometheus.url,
                ])
                #expect(live.output.contains("shares (errors)"), "\(live)")
                #expect(live.output.contains("shares (requests)"), "\(live)")
                #expect(live.output.contains("10 % of them for the new version"), "\(live)")
            }
        }

        @Test("A back end that is away, and settings that are wrong")
        func outage() async throws {
            try await Bench.run { bench in
                let path = try bench.write(Self.plan, to: "plan.yaml")
                let away = try await bench.assay(["validate", path, "--live", "--prometheus-url", "http://127.0.0.1:1"])
                #expect(away.code == 3, "\(away)")
                let wrong = try await bench.assay(["validate", path, "--live", "--prometheus-url", "nonsense"])
                #expect(wrong.code == 3, "\(wrong)")
                let slip = try await bench.assay(["validate", path, "--strickt"])
                #expect(slip.code == 64, "\(slip)")
                #expect(slip.errors.contains("--strickt"), "\(slip)")
            }
        }

        @Test("A directory without plans, files from Windows, and a plan of another tool")
        func files() async throws {
            try await Bench.run { bench in
                try bench.write(Self.plan, to: "empty/team-a/plan.yaml.j2")
                let empty = try await bench.assay(["validate", bench.path("empty")])
                #expect(empty.code == 1, "\(empty)")
                #expect(
                    empty.errors.contains(
                        "empty: error: no plan files (.yaml, .yml, .json); team-a is a folder with some in it"
                    ),
                    "\(empty)"
                )
                let windows = "\u{FEFF}" + Self.plan.replacing("\n", with: "\r\n")
                #expect(try await bench.assay(["validate", bench.write(windows, to: "windows.yaml")]).code == 0)
                let series = try bench.write("\u{FEFF}slow control 1x9\r\nslow experiment 9x9\r\n", to: "series")
                let judged = try await bench.assay(["judge", "--plan", bench.path("windows.yaml"), "--series", series])
                #expect(judged.code == 1, "\(judged)")
                try bench.write(Self.plan, to: "twice/a.yaml")
                try bench.write(Self.plan.replacing("name: live", with: "name: other"), to: "twice/b.yaml")
                let twice = try await bench.assay(["validate", bench.path("twice")])
                #expect(twice.code == 1, "\(twice)")
                #expect(
                    twice.errors.contains("fits application \"shop\" in environment \"test\" as closely as"),
                    "\(twice)"
                )
                let missing = try await bench.assay(["validate", bench.path("nosuch.yaml")])
                #expect(missing.errors.contains("nosuch.yaml: error: no such file"), "\(missing)")
                let event = try await bench.assay(["emit", "--file", bench.path("nosuch.json")])
                #expect(event.errors == "assay: \(bench.path("nosuch.json")): no such file\n", "\(event)")
            }
        }
    }
}
