import Foundation
import Histogram
import LoadRig
import Testing

@testable import soak

@Suite struct SoakResultTests {
    private func phase(_ attack: AttackName) -> SoakResult.Phase {
        SoakResult.Phase(
            attack: attack,
            did: "nothing",
            releases: 10,
            lost: 0,
            doubled: 0,
            wrong: [],
            missingActions: 0,
            doubledActions: 0,
            wrongActions: [],
            repeatedSendings: 3,
            restarts: 0,
            failedProbes: 2,
            latency: .init(Histogram(numberOfSignificantValueDigits: .three)),
            serveBytes: 80 << 20,
            rolloutBytes: 40 << 20,
            storeBytes: 5 << 20,
            refused: 7,
            deadLetters: 8
        )
    }

    private let options = SoakOptions(
        assay: "assay",
        seconds: 60,
        rate: 50,
        attacks: [.quiet, .rubbish],
        scale: 1,
        broker: .embedded,
        say: { _ in }
    )

    @Test func `what is late, repeated, refused or silent is no failure`() {
        var result = SoakResult(releases: 20, strangers: [])
        result.phases = [phase(.quiet), phase(.rubbish)]
        let report = RunReport(result, options)
        #expect(report.failures.isEmpty)
        #expect(report.markdown.contains("| rubbish | 10 | 0 | 0 | 0 | 3 | 0.00 | 0.00 | 0.00 | 0 | 2 |"))
        #expect(report.markdown.contains("| rubbish | 80 | 40 | 5 | 7 | 8 | nothing |"))
    }

    @Test func `what is lost, wrong, twice or restarted is one, and names its attack`() throws {
        var bad = phase(.rubbish)
        (bad.lost, bad.doubled, bad.missingActions, bad.doubledActions, bad.restarts) = (1, 2, 3, 4, 5)
        bad.wrong = ["good-1: completed, fail, not pass"]
        bad.wrongActions = ["abort of good-1"]
        bad.failure = "no"
        var result = SoakResult(releases: 20, strangers: ["abort of good-7, which was not released"])
        result.phases = [phase(.quiet), bad]
        let failures = RunReport(result, options).failures
        #expect(failures.count == 9)
        #expect(failures.first == "rubbish: it could not be carried out: no")
        #expect(failures.contains("rubbish: 5 restarts"))
        #expect(failures.last == "wrong action: abort of good-7, which was not released")
        let read = try JSONDecoder().decode(SoakResult.self, from: result.json)
        #expect(read.phases.map(\.attack) == [.quiet, .rubbish] && read.phases[1].lost == 1)
    }

    @Test func `each attack has its share of the time`() {
        #expect(options.share == .seconds(30))
        #expect(options.attackTime == .seconds(18))
    }
}
