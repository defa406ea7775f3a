import Testing

@testable import Judging

@Suite("Several metrics")
struct CombinationTests {
    static func metric(_ weight: Double, _ fail: Double, _ pass: Double = -1, enough: Bool = true) -> WeightedEvidence {
        WeightedEvidence(weight: weight, logFail: fail, logPass: pass, hasEnough: enough)
    }

    @Test func jointEvidenceFails() {
        // 0.5 * e^3.2 + 0.5 * e^2.9 is above 20, neither half alone.
        let joint = CombinedEvidence([Self.metric(0.5, 3.2), Self.metric(0.5, 2.9)])
        #expect(joint.decision == .fail)
        #expect(joint.blamed == [0])
        #expect(close(joint.logFail, 3.0612080639))
        #expect(CombinedEvidence([Self.metric(0.5, 3.2), Self.metric(0.5, 0)]).decision == .goOn)
        // Equal parts are both to blame; weights need not be normalised.
        #expect(CombinedEvidence([Self.metric(2, 4), Self.metric(2, 4)]).blamed == [0, 1])
        #expect(CombinedEvidence([Self.metric(1, 3)]).decision == .fail)
        #expect(CombinedEvidence([Self.metric(1, 2.99)]).decision == .goOn)
    }

    @Test func everyMetricMustPass() {
        let good = Self.metric(1, -3, 3.1)
        #expect(CombinedEvidence([good, good]).decision == .pass)
        #expect(CombinedEvidence([good, Self.metric(1, -3, 2.9)]).awaited == [1])
        #expect(CombinedEvidence([good, Self.metric(1, -3, 3.1, enough: false)]).decision == .goOn)
        // Evidence for harm of 3 or more holds back a pass.
        #expect(CombinedEvidence([good, Self.metric(1, 1.0987, 3.1)]).awaited == [1])
        #expect(CombinedEvidence([good, Self.metric(1, 1.0985, 3.1)]).decision == .pass)
        // A metric without weight decides nothing.
        #expect(CombinedEvidence([good, Self.metric(0, 9, -9)]).decision == .pass)
    }

    /// No number, or no metric, opens a gate.
    @Test func nonsenseDecidesNothing() {
        #expect(CombinedEvidence([]).decision == .goOn)
        #expect(CombinedEvidence([Self.metric(0, 9, 9)]).decision == .goOn)
        let good = Self.metric(1, -3, 3.1)
        for weight in [Double.nan, -1, .infinity] {
            #expect(CombinedEvidence([good, Self.metric(weight, -3, 3.1)]).decision == .goOn)
        }
        #expect(CombinedEvidence([Self.metric(1, .nan, 3.1)]).decision == .goOn)
        #expect(CombinedEvidence([Self.metric(1, -3, .nan)]).decision == .goOn)
        #expect(CombinedEvidence([Self.metric(1, .infinity, 0)]).decision == .fail)
    }

    @Test(arguments: [
        (0, 0, 1.0, 50.0), (3.1, -5, 1, 0), (-5, 3.1, 1, 100), (1.5, 0, 1, 24.9643849478),
        (2.9, 0.5, 0.25, 25.2554928617), (-20, 1, 0.5, 66.6904100348), (4.4, 0, 0.25, 0),
    ])
    func scores(_ fail: Double, _ pass: Double, _ weight: Double, _ expected: Double) {
        #expect(close(EvidenceScore.score(logFail: fail, logPass: pass, weight: weight), expected))
    }

    @Test func scoresOfGroups() {
        #expect(EvidenceScore.mean([(100, 1), (50, 3)]) == 62.5)
        #expect(EvidenceScore.mean([(100, 0), (.nan, 1)]) == nil)
        #expect(EvidenceScore.failed(90, marginal: 75) == 74)
        #expect(EvidenceScore.failed(10, marginal: 75) == 10)
        #expect(EvidenceScore.score(logFail: .nan, logPass: .nan, weight: .nan) == 50)
    }

    @Test func weightsAreShared() {
        typealias Member = DecisiveWeights.Member
        let members = [Member(group: 0), Member(group: 0), Member(group: 1), Member(group: 1, isMuted: true)]
        #expect(DecisiveWeights.weights(of: members, groups: [60, 40]) == [0.3, 0.3, 0.4, 0])
        let critical = [Member(group: 0, isCritical: true), Member(group: 0), Member(group: 1)]
        #expect(DecisiveWeights.weights(of: critical, groups: [2, 1]) == [0.5, 0.25, 0.25])
        #expect(DecisiveWeights.weights(of: [Member(group: 7), Member(group: -1)], groups: [1]) == [0, 0])
        #expect(DecisiveWeights.weights(of: [Member(group: 0)], groups: [.nan]) == [0])
        #expect(DecisiveWeights.weights(of: [], groups: []) == [])
    }

    @Test(arguments: [0, -1, 1, 2, Double.nan, .infinity, 1e-300])
    func levelsAreChecked(_ level: Double) {
        #expect(throws: SequentialRuleError.self) { try DecisionLevels(alpha: level, beta: 0.05) }
        #expect(throws: SequentialRuleError.self) { try DecisionLevels(alpha: 0.05, beta: level) }
    }

    @Test func sentences() {
        #expect(EvidenceSentence.releases(logEvidence: 0.5) == nil)
        #expect(EvidenceSentence.releases(logEvidence: 3) == 20)
        #expect(EvidenceSentence.releases(logEvidence: 8.0802374) == 3_200)
        #expect(EvidenceSentence.releases(logEvidence: 500) == 10_000)
        #expect(EvidenceSentence.releases(logEvidence: .infinity) == 10_000)
        #expect(EvidenceSentence.releases(logEvidence: .nan) == nil)
    }
}

@Suite("Evidence over time")
struct EvidenceTrailTests {
    @Test func needsAsMuchAsItGrew() throws {
        var trail = EvidenceTrail()
        #expect(trail.requestsUntil(logFail: 3) == nil)
        for unit in 1...10 {
            // Nothing in the first half, then 0.25 for each 1,000 requests.
            let grown = 0.25 * max(0, Double(unit) - 5)
            trail.record(.init(units: unit, requests: 1_000 * Double(unit), logFail: grown, logPass: -grown))
        }
        #expect(close(try #require(trail.requestsUntil(logFail: 3)), 7_000))
        #expect(trail.requestsUntil(logFail: 1) == 0)
        #expect(trail.requestsUntil(logPass: 3) == nil)
        #expect(trail.requestsUntil(logPass: -2) == 0)
    }

    @Test func staysSmall() throws {
        var trail = EvidenceTrail()
        for unit in 1...10_000 {
            trail.record(.init(units: unit, requests: Double(unit), logFail: Double(unit), logPass: 0))
        }
        #expect(trail.points.count <= 16)
        #expect(trail.points.last?.units == 10_000)
        #expect(close(try #require(trail.requestsUntil(logFail: 10_500)), 500))
        #expect(try EvidenceTrail(decoding: trail.encoded) == trail)
    }

    @Test func passesOverNonsense() {
        var trail = EvidenceTrail()
        trail.record(.init(units: 1, requests: .nan, logFail: 0, logPass: 0))
        trail.record(.init(units: 1, requests: 1, logFail: .infinity, logPass: 0))
        trail.record(.init(units: -1, requests: 1, logFail: 0, logPass: 0))
        #expect(trail.points.isEmpty)
        trail.record(.init(units: 5, requests: 1, logFail: 0, logPass: 0))
        trail.record(.init(units: 5, requests: 2, logFail: 0, logPass: 0))
        #expect(trail.points.count == 1)
    }
}
