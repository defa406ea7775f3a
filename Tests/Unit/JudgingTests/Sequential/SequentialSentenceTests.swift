import Testing

@testable import Judging

@Suite("The evidence about a metric in words")
struct SequentialSentenceTests {
    private static func evidence(
        _ comparison: SequentialEvidence.Comparison = .counts,
        effect: (Double, Double, Double)? = (2.4137, 1.81, 3.12),
        harm: Double? = 1.5,
        harmEvidence: Double = 8.08,
        neededUnits: Double? = nil,
        neededLooks: Int? = nil,
        control: (Double, Double)? = (20, 18_000),
        experiment: (Double, Double)? = (41.3, 1_800),
        bounds: [Double] = [],
        limits: [String] = []
    ) -> SequentialEvidence {
        let totals = (
            control.map { ExposureTotals(events: $0.0, requests: $0.1) },
            experiment.map { ExposureTotals(events: $0.0, requests: $0.1) }
        )
        let effect = effect.map {
            RatioEstimate(
                estimate: $0.0,
                lower: $0.1,
                upper: $0.2,
                confidence: comparison == .past ? 0 : 0.95
            )
        }
        let none = ExposureTotals(events: 0, requests: 0)
        return SequentialEvidence(
            comparison: comparison,
            effect: effect,
            margin: 1.05,
            harm: harm,
            harmEvidence: harmEvidence,
            harmThreshold: 3,
            safetyEvidence: 0,
            safetyThreshold: 3,
            noise: NoiseEvidence(source: .learned, dispersion: 1, historyUnits: 120),
            units: 12,
            control: totals.0,
            experiment: totals.1,
            neededUnits: neededUnits,
            neededLooks: neededLooks,
            bounds: bounds.enumerated().map { index, bound in
                let isShown = index == bounds.count - 1
                return BoundEvidence(
                    bound: bound,
                    control: isShown ? totals.0 ?? none : none,
                    experiment: isShown ? totals.1 ?? none : none,
                    effect: effect,
                    harmEvidence: 0
                )
            },
            limits: limits
        )
    }

    private static func text(
        _ name: String,
        _ classification: MetricClassification,
        _ evidence: SequentialEvidence,
        _ direction: Direction = .increase
    ) -> String {
        SequentialSentence(name: name, classification: classification, evidence: evidence, direction: direction).text
    }

    @Test("Harm: how much, in what, and how rare that is among healthy releases")
    func harm() {
        #expect(
            Self.text("errors", .high, Self.evidence())
                == "errors at 2.41 times the control (1.81 to 3.12 times): 41 of 1,800 requests against 20 of 18,000;"
                + " fewer than 1 in 3,200 healthy releases would show this"
        )
        #expect(
            Self.text("requests", .low, Self.evidence(.gauge, effect: (0.4, 0.3, 0.5), control: nil, experiment: nil))
                == "requests at 0.4 times the control (0.3 to 0.5 times);"
                + " fewer than 1 in 3,200 healthy releases would show this"
        )
        #expect(
            Self.text("latency", .high, Self.evidence(.latency, effect: (1.6, 1.3, 2), bounds: [0.1, 0.25]))
                == "latency: requests above 0.25 at 1.6 times the control (1.3 to 2 times):"
                + " 41 of 1,800 requests against 20 of 18,000;"
                + " fewer than 1 in 3,200 healthy releases would show this"
        )
        #expect(
            Self.text("load", .high, Self.evidence(.past, effect: (1.4, 1.4, 1.4), control: nil, experiment: nil))
                == "load at 1.4 times its level before the release; at three looks in a row"
        )
    }

    @Test("A part of the harm says that other metrics point to harm too")
    func partOfTheHarm() {
        let text = Self.text("errors", .high, Self.evidence(harmEvidence: 2.5))
        #expect(
            text.hasSuffix(
                "; fewer than 1 in 12 healthy releases would show this, and other metrics point to harm with it"
            )
        )
    }

    @Test("Of nothing there is no multiple")
    func zeros() {
        #expect(
            Self.text("errors", .high, Self.evidence(effect: (32, 3.2, 32), control: (0, 1_800), experiment: (5, 200)))
                .hasPrefix("errors: 5 of 200 requests against none of 1,800, at least 3.2 times the control; fewer")
        )
        #expect(
            Self.text("errors", .pass, Self.evidence(effect: (0.03125, 0.03125, 0.9), experiment: (0, 1_800)))
                == "errors: none of 1,800 requests against 20 of 18,000, at most 0.9 times the control;"
                + " 1.5 times the control is ruled out"
        )
        #expect(
            Self.text(
                "errors",
                .undecided,
                Self.evidence(effect: nil, harmEvidence: 0, control: (0, 900), experiment: (0, 100))
            ) == "errors: none of 100 requests against none of 900; not decided yet"
        )
        #expect(
            Self.text("load", .undecided, Self.evidence(.gauge, effect: nil, harmEvidence: 0, control: nil))
                == "load: nothing to compare yet; not decided yet"
        )
    }

    @Test("A ratio at the end of what is told apart is one or more, and an interval of everything is left out")
    func ends() {
        let all = Self.evidence(.gauge, effect: (32, 0.03125, 32), control: nil, experiment: nil)
        #expect(Self.text("load", .high, all).hasPrefix("load at 32 times the control or more; "))
        let least = Self.evidence(.gauge, effect: (0.0312, 0.0312, 0.2), control: nil, experiment: nil)
        #expect(Self.text("load", .low, least).hasPrefix("load at 1/32 of the control or less (at most 0.2 times); "))
    }

    @Test("A pass says what is ruled out, in the direction of harm")
    func pass() {
        func end(_ evidence: SequentialEvidence, _ direction: Direction) -> String {
            String(Self.text("m", .pass, evidence, direction).split(separator: "; ").last ?? "")
        }
        #expect(end(Self.evidence(), .increase) == "1.5 times the control is ruled out")
        #expect(end(Self.evidence(), .decrease) == "0.667 times the control is ruled out")
        #expect(end(Self.evidence(), .either) == "1.5 times the control is ruled out, upwards and downwards")
        let gauge = Self.evidence(.gauge, harm: nil)
        #expect(end(gauge, .increase) == "more than 1.05 times the control is ruled out")
        #expect(end(gauge, .decrease) == "less than 0.952 times the control is ruled out")
        #expect(end(Self.evidence(.past, harm: nil), .increase) == "more than 1.05 times that level is ruled out")
        var rare = Self.evidence()
        rare.ruledOutRate = 0.001
        #expect(end(rare, .increase) == "a rate of 0.1 % or more is ruled out")
    }

    @Test(
        "An undecided metric says how many looks it takes, and how suspicious it is",
        arguments: [
            (nil, nil, 0, "not decided yet"), (0, 0, 0, "not decided yet"),
            (9, 3, 0, "about 3 looks more to decide, as things go"),
            (2, 1, 0, "about 1 look more to decide, as things go"),
            (9, nil, 0, "about 9 samples more to decide, as things go"), (1e9, nil, 0, "not decided yet"),
            (1e9, 1_000_000, 0, "not decided yet"), (.nan, nil, 0, "not decided yet"),
            (
                9, 3, 1.7,
                "fewer than 1 in 5 healthy releases would show this; about 3 looks more to decide, as things go"
            ),
        ] as [(Double?, Int?, Double, String)]
    )
    func undecided(units: Double?, looks: Int?, harm: Double, expected: String) {
        let evidence = Self.evidence(harmEvidence: harm, neededUnits: units, neededLooks: looks)
        #expect(Self.text("errors", .undecided, evidence).hasSuffix("against 20 of 18,000; \(expected)"))
    }

    @Test("Limits come last")
    func limits() {
        let text = Self.text("errors", .high, Self.evidence(limits: ["noise assumed", "few"]))
        #expect(text.hasSuffix("would show this; noise assumed; few"))
    }

    @Test("Numbers that are none are said, and never trap")
    func strange() {
        for number in [Double.nan, .infinity, -.infinity, -1, 1e300] {
            let evidence = Self.evidence(
                effect: (number, number, number),
                harm: number,
                harmEvidence: number,
                neededUnits: number,
                control: (number, number),
                experiment: (number, number),
                bounds: [number]
            )
            for classification in MetricClassification.allCases {
                #expect(!Self.text("m", classification, evidence).isEmpty)
            }
        }
    }

    @Test("Units are told as looks where the distance of looks is known")
    func looks() {
        var rule = SequentialRule(
            measure: .counts,
            direction: .increase,
            margin: 1.02,
            harm: 1.5,
            gate: 1.1,
            stepsPerUnit: 4,
            plannedSteps: 240
        )
        #expect(rule.looks(for: 3) == nil)
        rule.stepsPerLook = 8
        #expect(rule.looks(for: 0) == 0)
        #expect(rule.looks(for: 3) == 2)
        #expect(rule.looks(for: 4.1) == 3)
        #expect(rule.looks(for: .nan) == nil)
        #expect(rule.looks(for: .infinity) == nil)
        #expect(rule.looks(for: 1e300) == nil)
        rule.stepsPerLook = 0
        #expect(rule.looks(for: 3) == nil)
    }
}
