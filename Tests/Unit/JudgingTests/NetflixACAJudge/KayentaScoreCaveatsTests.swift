import Testing

@testable import Judging

@Suite struct KayentaScoreCaveatsTests {
    private static func metric(
        _ group: String?,
        _ classification: MetricClassification,
        critical: Bool = false,
        muted: Bool = false
    ) -> MetricJudgement {
        MetricJudgement(
            name: "m",
            groups: group.map { [$0] } ?? [],
            classification: classification,
            reason: nil,
            criticalFailure: critical,
            muted: muted,
            control: .empty,
            experiment: .empty
        )
    }

    private static func caveats(_ metrics: [MetricJudgement], _ rules: ScoringRules = ScoringRules()) -> [String] {
        NetflixACAJudge.caveats(of: NetflixACAJudge.judgement(of: metrics, by: rules)).map { "\($0.quirk): \($0.text)" }
    }

    @Test("Ordinary scores meet no quirk") func ordinary() {
        let metrics = [Self.metric("a", .pass), Self.metric("b", .high), Self.metric("b", .nodata)]
        #expect(Self.caveats(metrics) == [])
        #expect(Self.caveats(metrics, ScoringRules(groupWeights: ["a": 60, "b": 40])) == [])
        #expect(Self.caveats(metrics, ScoringRules(groupWeights: ["a": 60])) == [])
        #expect(Self.caveats([]) == [])
    }

    @Test("Each quirk") func quirks() {
        #expect(
            Self.caveats([Self.metric("a", .high, muted: true)])
                == ["allMuted: all metrics are muted, so that the score is 0"]
        )
        #expect(
            Self.caveats([Self.metric("a", .pass), Self.metric("a", .pass), Self.metric("b", .nodata)])
                == ["groupsWithoutData: group b has no data and counts as 100"]
        )
        let many = (0..<5).map { Self.metric("g\($0)", .error) }
        #expect(
            Self.caveats([Self.metric("a", .pass)] + many)
                == ["groupsWithoutData: groups g0, g1, g2 and 2 more have no data and count as 100"]
        )
        #expect(Self.caveats(many) == ["metricsInError: every metric is in error, and none of them lowers the score"])
        #expect(
            Self.caveats([Self.metric(nil, .pass)])
                == ["metricsWithoutGroup: no metric that counts is in a group, so that the score is 0"]
        )
    }

    @Test("Weights that do not add up to 100") func weights() {
        #expect(
            Self.caveats([Self.metric("a", .pass)], ScoringRules(groupWeights: ["a": 60]))
                == ["weightsNotScaled: the weights are not scaled to 100: the best score is 60"]
        )
        // The share of a group that is not there is lost.
        #expect(
            Self.caveats([Self.metric("a", .pass)], ScoringRules(groupWeights: ["a": 70, "b": 30]))
                == ["weightsNotScaled: the weights are not scaled to 100: the best score is 70"]
        )
        let caveats = Self.caveats(
            [Self.metric("a", .pass), Self.metric("b", .pass)],
            ScoringRules(groupWeights: ["a": 120])
        )
        #expect(caveats.count == 1 && caveats[0].contains("less than nothing for b"), "\(caveats)")
        let thirds = ScoringRules(groupWeights: ["a": 100.0 / 3, "b": 100.0 / 3, "c": 100.0 / 3])
        #expect(Self.caveats(["a", "b", "c"].map { Self.metric($0, .pass) }, thirds) == [])
    }

    @Test("A failure that thresholds of 0 let pass") func thresholds() {
        let failure = [Self.metric("a", .high, critical: true), Self.metric("b", .nodata)]
        #expect(Self.caveats(failure) == [])
        #expect(
            Self.caveats(failure, ScoringRules(pass: 95, marginal: 0))
                == ["thresholdsOfZero: the failure sets the score to 0, which thresholds of 0 take for marginal"]
        )
        #expect(
            Self.caveats(failure, ScoringRules(pass: 0, marginal: 0))
                == ["thresholdsOfZero: the failure sets the score to 0, which thresholds of 0 take for pass"]
        )
    }

    @Test("Other judges have no part in it") func otherJudge() {
        var judgement = NetflixACAJudge.judgement(of: [Self.metric(nil, .pass)], by: ScoringRules())
        judgement.judge = ConditionsJudge.name
        #expect(NetflixACAJudge.caveats(of: judgement) == [])
    }
}
