import Testing

extension CommandEndToEndTests {
    /// `assay validate` and `assay judge`: no service is needed.
    @Suite("Commands on plans", .serialized, .timeLimit(.minutes(5)))
    struct PlanCommandTests {
        private static func plan(_ settings: String = "") -> String {
            """
            apiVersion: assay.dev/v1
            kind: AnalysisPlan
            name: checkout
            judge: NetflixACAJudge-v1.0
            schedule: {step: 15s, interval: 1m, lifetime: 15m}
            metrics:
              - name: latency
                query: avg(latency{${scope}})
                group: latency
                direction: increase
            \(settings)
            """
        }

        @Test("validate: what is valid, what is not and where, what may surprise")
        func validate() async throws {
            try await Bench.run { bench in
                let good = try bench.write(Self.plan(), to: "plans/good.yaml")
                let valid = try await bench.assay(["validate", good])
                #expect(valid.code == 0, "\(valid)")
                #expect(valid.output.contains("plan checkout: 1 metric, judge NetflixACAJudge-v1.0, ok"))
                #expect(try await bench.assay(["validate", "--strict", good]).code == 0)

                let typo = try bench.write(Self.plan("    criticl: true"), to: "plans/typo.yaml")
                let wrong = try await bench.assay(["validate", good, typo])
                #expect(wrong.code == 1, "\(wrong)")
                #expect(
                    wrong.errors.contains("\(typo):11:5: error: metrics[0].criticl: is not a known key"),
                    "\(wrong)"
                )
                #expect(wrong.errors.contains("did you mean \"critical\"?"))
                #expect(wrong.output.contains("plan checkout"), "the other file is checked as well: \(wrong)")

                let odd = try bench.write(Self.plan("thresholds: {pass: 95, marginal: 0}"), to: "odd.yaml")
                #expect(try await bench.assay(["validate", odd]).code == 0)
                let strict = try await bench.assay(["validate", "--strict", odd])
                #expect(strict.code == 1, "\(strict)")
                #expect(strict.output.contains("warning: thresholds.marginal"), "\(strict)")

                let missing = try await bench.assay(["validate", bench.path("nothing.yaml")])
                #expect(missing.code == 1, "\(missing)")
                let binary = try bench.write([0, 255, 254, 1, 13, 7], to: "binary.yaml")
                let unreadable = try await bench.assay(["validate", binary])
                #expect(unreadable.code == 1, "\(unreadable)")
                #expect(unreadable.errors.contains("binary.yaml"), "\(unreadable)")
                #expect(try await bench.assay(["validate", bench.path("plans")]).code == 1)
            }
        }

        @Test("judge: the exit code is the result")
        func judge() async throws {
            try await Bench.run { bench in
                let plan = try bench.write(Self.plan("minimumSamples: 5"), to: "plan.yaml")
                let cases: [(control: String, experiment: String, code: Int32, text: String)] = [
                    ("30 31 29 30 32 31 30 29 31 30", "31 30 29 31 30 32 29 30 31 30", 0, "PASS score 100"),
                    ("30 31 29 30 32 31 30 29 31 30", "60 61 59 60 62 61 60 59 61 60", 1, "FAIL score 0"),
                ]
                for (control, experiment, code, text) in cases {
                    let lines = "latency control \(control)\nlatency experiment \(experiment)\n"
                    let series = try bench.write(lines, to: "series.txt")
                    let judged = try await bench.assay(["judge", "--plan", plan, "--series", series])
                    #expect(judged.code == code, "\(judged)")
                    #expect(judged.output.contains(text), "\(judged)")
                    let json = try await bench.assay(["judge", "--plan", plan, "--series", series, "--json"])
                    #expect(json.code == code, "\(json)")
                    #expect(json.output.hasPrefix("{"), "\(json)")
                }
            }
        }

        @Test("judge: what cannot be judged is an error with its place")
        func unusableSeries() async throws {
            try await Bench.run { bench in
                let plan = try bench.write(Self.plan(), to: "plan.yaml")
                for (lines, text) in [
                    ("other control 1 2\nother experiment 1 2\n", "no metric other"),
                    ("latency control 1 2\nlatency experiment 1 x\n", "series.txt:2"),
                    ("latency sideways 1 2\n", "series.txt:1"),
                ] {
                    let series = try bench.write(lines, to: "series.txt")
                    let judged = try await bench.assay(["judge", "--plan", plan, "--series", series])
                    #expect(judged.code == 3, "\(judged)")
                    #expect(judged.errors.contains(text), "\(judged)")
                }
                let missing = try await bench.assay(["judge", "--plan", plan, "--series", bench.path("nothing")])
                #expect(missing.code == 3, "\(missing)")
                let alone = try await bench.assay(["judge", "--plan", plan])
                #expect(alone.code == 64, "\(alone)")
                #expect(alone.errors.contains("give --plan and --series, or --kayenta-cases"), "\(alone)")
            }
        }

        @Test("judge --kayenta-cases: an answer for every line, right or wrong, in order")
        func kayentaCases() async throws {
            let metric = #"{"name":"m","query":{"type":"prometheus"},"groups":["g"],"scopeName":"default"}"#
            let config =
                #"{"name":"c","applications":["a"],"judge":{"name":"NetflixACAJudge-v1.0"},"metrics":[\#(metric)],"#
                + #""classifier":{"groupWeights":{"g":100}}}"#
            func line(_ experiment: String) -> String {
                let values = #"{"control":[1,2,3,4,5,6,7,8,9,10],"experiment":[\#(experiment)]}"#
                return #"{"config":\#(config),"scoreThresholds":{"pass":95,"marginal":75},"metricSetPairs":"#
                    + #"[{"name":"m","id":"1","tags":{},"values":\#(values)}]}"#
            }
            try await Bench.run { bench in
                let same = line("1,2,3,4,5,6,7,8,9,10")
                let worse = line("101,102,103,104,105,106,107,108,109,110")
                let input = try bench.write([same, "{nonsense", worse].joined(separator: "\n") + "\n", to: "cases")
                let judged = try await bench.assay(["judge", "--kayenta-cases"], input: input)
                #expect(judged.code == 0, "\(judged)")
                let lines = judged.output.split(separator: "\n")
                try #require(lines.count == 3, "\(judged)")
                #expect(lines[0].contains(#""classification":"Pass""#), "\(lines[0])")
                #expect(lines[1].contains(#""error""#), "\(lines[1])")
                #expect(lines[2].contains(#""classification":"High""#), "\(lines[2])")
            }
        }
    }
}
