import Analysis
import Engine
import JSON
import Kayenta
import KayentaFormats
import Store
import Testing

@Suite struct CanaryRunnerTests {
    @Test func judges() async throws {
        try await CanaryWorld.run { world in
            let (good, bad) = (try await world.start(), try await world.start(experiment: "bad"))
            let waiting = try await world.api.canary(id: good)
            #expect(waiting["status"]?.text == "not_started" && waiting["complete"] == .bool(false))
            try await world.replica().runDue()
            let passed = try await world.api.canary(id: good)
            #expect(passed["status"]?.text == "succeeded" && passed["complete"] == .bool(true))
            #expect(passed["result", "canaryDuration"]?.text == "PT1H")
            #expect(passed["result", "judgeResult", "score", "score"] == .number("100.0"))
            #expect(passed["result", "judgeResult", "score", "classification"]?.text == "Pass")
            let failed = try await world.api.canary(id: bad)
            #expect(failed["result", "judgeResult", "score", "score"] == .number("0.0"))
            #expect(failed["result", "judgeResult", "results", "0", "classification"]?.text == "High")
            let asked = ["stable", "canary", "bad"].map { "errors{track=\"\($0)\"}" }
            #expect(Set(world.source.queries) == Set(asked))
            // The samples that were judged, which the judge takes again.
            let list = try #require(failed["metricSetPairListId"]?.text)
            let pairs = try await world.api.samples(.pairList, id: list)
            #expect(pairs.count == 1 && pairs[0]["values", "control"]?.elements?.count == 61)
            let pair = try #require(pairs[0]["id"]?.text)
            let one = try await world.api.pair(list: list, id: pair)
            #expect(one == pairs[0])
            let again = try await world.api.judge(
                configID: try #require(failed["canaryConfigId"]?.text),
                pairList: list,
                try CanaryThresholds(pass: 95, marginal: 75)
            )
            #expect(again == failed["result", "judgeResult"])
        }
    }

    @Test("An outage is tried again, and ends in terminal, never in a pass")
    func outage() async throws {
        try await CanaryWorld.run(answers: { _, _, _ in throw CanarySourceFailure("away", isTransient: true) }) {
            world in
            let id = try await world.start()
            let replica = world.replica()
            async let work: Void = replica.runDue()
            // Time goes on while the questions wait.
            var answer = try await world.api.canary(id: id)
            while answer["complete"] != .bool(true) {
                world.clock.advance(by: .seconds(1))
                await Task.yield()
                answer = try await world.api.canary(id: id)
            }
            try await work
            #expect(answer["status"]?.text == "terminal" && answer["result"] == nil)
            #expect(answer["exception", "details", "errors", "0"]?.text == "away")
            #expect(world.source.queries.count > 2)
            let elapsed = world.clock.now().milliseconds - 1_796_022_000_000
            #expect(elapsed <= 180_000)
        }
    }

    @Test func aShortOutageIsSurvived() async throws {
        try await CanaryWorld.run(answers: { _, scope, attempt in
            guard attempt > 2 else { throw CanarySourceFailure("away", isTransient: true) }
            return ScriptedSource.steady(1, scope)
        }) { world in
            let id = try await world.start()
            async let work: Void = world.replica().runDue()
            var answer = try await world.api.canary(id: id)
            while answer["complete"] != .bool(true) {
                world.clock.advance(by: .seconds(1))
                await Task.yield()
                answer = try await world.api.canary(id: id)
            }
            try await work
            #expect(answer["status"]?.text == "succeeded")
        }
    }

    @Test func aRefusedQueryIsTerminal() async throws {
        try await CanaryWorld.run(answers: { _, _, _ in
            throw CanarySourceFailure("Prometheus refused the query: parse error.", isTransient: false)
        }) { world in
            let id = try await world.start()
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            #expect(answer["status"]?.text == "terminal")
            #expect(world.source.queries.count <= 2)
            let failed = answer["stageStatus"]?.object?.members.filter { $0.value.text == "terminal" }.map(\.name)
            #expect(failed == ["fetchControl0"] || failed == ["fetchExperiment0"])
        }
    }

    @Test("Without data a canary fails, as Kayenta has it")
    func noData() async throws {
        try await CanaryWorld.run(answers: { _, _, _ in [] }) { world in
            let id = try await world.start()
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            #expect(answer["status"]?.text == "succeeded")
            #expect(answer["result", "judgeResult", "score", "score"] == .number("0.0"))
            #expect(answer["result", "judgeResult", "results", "0", "classification"]?.text == "Nodata")
        }
    }

    @Test("More samples than are held are terminal", arguments: [60, 12])
    func tooMany(series: Int) async throws {
        try await CanaryWorld.run(answers: { query, _, _ in
            // Series of one side alone are padded on the other.
            let side = query.contains("stable") ? "stable" : "canary"
            return (0..<series).map { index in
                let times = (0..<10_000).map { Timestamp(milliseconds: Int64($0) * 1000) }
                return CanarySeries(
                    tags: ["pod": "\(side)-\(index)"],
                    times: times,
                    values: times.map { Double($0.milliseconds) }
                )
            }
        }) { world in
            let id = try await world.start()
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            let isTooMany =
                answer["exception", "details", "errors", "0"]?.text?.hasPrefix("There are more than") == true
            #expect(answer["status"]?.text == (series > 50 ? "terminal" : "succeeded") && isTooMany == (series > 50))
        }
    }

    @Test func otherTagsOfBothSidesAreTerminal() async throws {
        try await CanaryWorld.run(answers: { query, scope, _ in
            var series = ScriptedSource.steady(1, scope)
            series[0].tags = [query.contains("stable") ? "pod" : "node": "a"]
            return series
        }) { world in
            let id = try await world.start()
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            #expect(answer["stageStatus", "mixMetrics"]?.text == "terminal")
        }
    }

    @Test("What a replica began that ended, another begins anew")
    func takenUpAgain() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.start()
            let now = world.clock.now()
            let claim = LeaseClaim(owner: "gone", now: now, until: now + .seconds(30))
            let claimed = try await world.store.claimDueCanaries(claim, limit: 10)
            #expect(claimed.map(\.id) == [id])
            try await world.replica().runDue()
            let held = try await world.api.canary(id: id)
            #expect(held["complete"] == .bool(false))
            world.clock.advance(by: .seconds(31))
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            #expect(answer["status"]?.text == "succeeded")
        }
    }

    @Test("What ends each process that begins it is given up, and does not pass")
    func poison() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.start()
            for _ in 0..<5 {
                let now = world.clock.now()
                let claim = LeaseClaim(owner: "gone", now: now, until: now + .seconds(30))
                _ = try await world.store.claimDueCanaries(claim, limit: 10)
                world.clock.advance(by: .seconds(31))
            }
            try await world.replica().runDue()
            let answer = try await world.api.canary(id: id)
            #expect(answer["status"]?.text == "terminal" && answer["result"] == nil)
            #expect(world.source.queries.isEmpty)
        }
    }

    @Test func whatIsCancelledWhileItIsJudgedStaysSo() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.start()
            let now = world.clock.now()
            let claim = LeaseClaim(owner: "slow", now: now, until: now + .seconds(30))
            let held = try await world.store.claimDueCanaries(claim, limit: 10)
            try await world.api.cancel(id: id)
            await #expect(throws: StoreError.self) {
                try await world.store.commit(CanaryChange(written: held))
            }
            let answer = try await world.api.canary(id: id)
            #expect(answer["status"]?.text == "canceled" && answer["complete"] == .bool(true))
            // Once more changes nothing, and the replicas leave it alone.
            try await world.api.cancel(id: id)
            world.clock.advance(by: .seconds(60))
            try await world.replica().runDue()
            #expect(world.source.queries.isEmpty)
        }
    }

    @Test func severalJudgementsOverTime() async throws {
        try await CanaryWorld.run { world in
            let body =
                #"{"canaryConfig": \#(CanaryWorld.config), "executionRequest": {"#
                + #""scopes": [{"controlScope": "stable", "experimentScope": "canary"}], "#
                + #""thresholds": {"pass": 95, "marginal": 75}, "lifetimeDurationMins": 2, "analysisIntervalMins": 1}}"#
            let origin = CanaryOrigin(application: "shop", user: "anonymous")
            let id = try await world.api.startAnalysis(try CanaryWorld.json(body), origin)
            var answer = try await world.api.analysis(id: id)
            var seconds = 0
            while answer["complete"] != .bool(true), seconds < 300 {
                try await world.replica().runDue()
                world.clock.advance(by: .seconds(1))
                seconds += 1
                answer = try await world.api.analysis(id: id)
            }
            #expect(answer["status"]?.text == "succeeded")
            #expect((120...140).contains(seconds))
            let result = answer["canaryAnalysisExecutionResult"]
            #expect(result?["didPassThresholds"] == .bool(true))
            #expect(result?["canaryScores"]?.jsonText == "[100.0,100.0]")
            // Few samples: Kayenta warns of them.
            #expect(result?["hasWarnings"] == .bool(true))
            let first = try #require(result?["canaryExecutionResults", "0", "executionId"]?.text)
            let judgement = try await world.api.canary(id: first)
            #expect(judgement["status"]?.text == "succeeded" && judgement["application"]?.text == "shop")
            let listed = try await world.api.canaries(of: "shop", statuses: ["SUCCEEDED"], limit: 1, page: 2)
            #expect(listed.elements?.first?["pipelineId"]?.text == first)
        }
    }

    @Test func cancellingAnAnalysisCancelsItsJudgement() async throws {
        try await CanaryWorld.run(answers: { _, _, _ in throw CanarySourceFailure("away", isTransient: true) }) {
            world in
            let body =
                #"{"canaryConfig": \#(CanaryWorld.config), "executionRequest": {"#
                + #""scopes": [{"controlScope": "stable", "experimentScope": "canary", "#
                + #""startTimeIso": "2026-11-30T06:00:00Z", "endTimeIso": "2026-11-30T07:00:00Z"}], "#
                + #""thresholds": {"pass": 95, "marginal": 75}}}"#
            let id = try await world.api.startAnalysis(try CanaryWorld.json(body), CanaryOrigin(application: "shop"))
            try await world.replica().runDue()
            let stages = try await world.api.analysis(id: id)["stageStatus"]?.elements ?? []
            let judgements = stages.compactMap { $0["executionId"]?.text }
            let judgement = try #require(judgements.first)
            try await world.api.cancel(id: id)
            let (analysis, canary) = (try await world.api.analysis(id: id), try await world.api.canary(id: judgement))
            #expect(analysis["status"]?.text == "canceled" && canary["status"]?.text == "canceled")
        }
    }

    @Test func oldOnesAreDeleted() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.start()
            try await world.replica().runDue()
            let list = try #require(try await world.api.canary(id: id)["metricSetPairListId"]?.text)
            let before = world.clock.now() + .seconds(1)
            let deleted = try await world.store.deleteExpiredCanaries(before: before, samples: before, limit: 10)
            #expect(deleted == 2)
            await #expect(throws: KayentaProblem.self) { try await world.api.canary(id: id) }
            await #expect(throws: KayentaProblem.self) { try await world.api.samples(.pairList, id: list) }
            let configs = try await world.api.configs(of: [])
            #expect(configs.elements?.count == 1)
        }
    }
}
