import Testing

@testable import Judging

/// Classified metrics and what Kayenta's scoring says about them.
struct ScoringVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Metric: Decodable, Sendable {
        var name: String
        var classification: MetricClassification
        var groups: [String]
        var critical: Bool?
        var muted: Bool?
        var reason: String?
    }

    struct Expected: Decodable, Sendable {
        var summaryScore: Double
        var classification: String?
        var classificationReason: String?
        var groupScores: [String: Double]?
    }

    var name: String
    var metrics: [Metric]
    var weights: [String: Double]
    var pass: Double
    var marginal: Double
    var expected: Expected

    var testDescription: String { name }

    var judgements: [MetricJudgement] {
        metrics.map { metric in
            MetricJudgement(
                name: metric.name,
                groups: metric.groups,
                classification: metric.classification,
                reason: metric.reason.map { MetricReason($0) },
                criticalFailure: metric.critical ?? false,
                muted: metric.muted ?? false,
                control: .empty,
                experiment: .empty
            )
        }
    }
}

@Suite struct GroupScoresTests {
    @Test(arguments: try Resource.lines(of: "kayenta-scoring", as: ScoringVector.self))
    func scoresAsKayenta(vector: ScoringVector) {
        let rules = ScoringRules(pass: vector.pass, marginal: vector.marginal, groupWeights: vector.weights)
        let judgement = NetflixACAJudge.judgement(of: vector.judgements, by: rules)
        #expect(judgement.score == vector.expected.summaryScore)
        if let classification = vector.expected.classification {
            #expect(judgement.result.rawValue == classification.lowercased())
        }
        if let reason = vector.expected.classificationReason { #expect(judgement.reason == reason) }
        if let groups = vector.expected.groupScores {
            #expect(groups == Dictionary(uniqueKeysWithValues: judgement.groups.map { ($0.name, $0.score) }))
        }
    }

    @Test func showsTheWeightsThatWereUsed() {
        let metrics = ["a", "b", "c"].map { group in
            MetricJudgement(
                name: group,
                groups: [group],
                classification: group == "c" ? .nodata : .pass,
                reason: nil,
                control: .empty,
                experiment: .empty
            )
        }
        let scores = GroupScores(of: metrics, weights: ["a": 60, "z": 10]).scores
        #expect(
            scores == [
                GroupScore(name: "a", score: 100, weight: 60, noData: false),
                GroupScore(name: "b", score: 100, weight: 15, noData: false),
                GroupScore(name: "c", score: 0, weight: 15, noData: true),
            ]
        )
    }
}
