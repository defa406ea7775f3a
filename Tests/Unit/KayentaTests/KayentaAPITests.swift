import Analysis
import Engine
import JSON
import Kayenta
import KayentaFormats
import Store
import Testing

@Suite struct KayentaAPITests {
    private func config(_ name: String, _ application: String) throws -> JSONValue {
        try CanaryWorld.json(CanaryWorld.config.replacing("web", with: name).replacing("shop", with: application))
    }

    private func problem(_ body: () async throws -> Void) async -> KayentaProblem? {
        do {
            try await body()
            return nil
        } catch { return error as? KayentaProblem }
    }

    @Test func configs() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.api.storeConfig(try config("one", "shop"))
            let other = try await world.api.storeConfig(try config("one", "other"))
            let all = try await world.api.configs(of: [])
            let ofShop = try await world.api.configs(of: ["shop"])
            #expect(all.elements?.count == 2 && ofShop.elements?.count == 1)
            #expect(ofShop["0", "id"]?.text == id && ofShop["0", "name"]?.text == "one")
            let read = try await world.api.config(id: id)
            #expect(read["id"]?.text == id && read["createdTimestamp"]?.integer == 1_796_022_000_000)
            // One is found by its name and an application.
            let again = await problem { _ = try await world.api.storeConfig(try config("one", "shop")) }
            #expect(
                again?.message == "Canary config with name 'one' already exists in the scope of applications [shop]."
            )
            let taken = await problem { _ = try await world.api.storeConfig(read) }
            #expect(taken?.message == "Canary config '\(id)' already exists.")
            world.clock.advance(by: .seconds(60))
            try await world.api.updateConfig(id: id, try config("two", "shop"))
            let changed = try await world.api.config(id: id)
            #expect(changed["name"]?.text == "two" && changed["updatedTimestampIso"]?.text == "2026-11-30T07:01:00Z")
            let wrong = await problem { try await world.api.updateConfig(id: other, read) }
            #expect(wrong?.message.contains("and the config '\(other)' is meant") == true)
            let missing = await problem { try await world.api.updateConfig(id: "none", try config("x", "shop")) }
            #expect(missing?.message == "Canary config 'none' does not exist." && missing?.kind == .invalid)
            try await world.api.deleteConfig(id: id)
            let gone = await problem { _ = try await world.api.config(id: id) }
            #expect(gone?.kind == .notFound)
            let twice = await problem { try await world.api.deleteConfig(id: id) }
            #expect(twice?.kind == .notFound)
        }
    }

    @Test func numbersAreBounded() async throws {
        var limits = KayentaAPI.Limits()
        (limits.configs, limits.unfinished, limits.lists) = (2, 1, 1)
        try await CanaryWorld.run(limits: limits) { world in
            let id = try await world.start()
            _ = try await world.api.storeConfig(try config("more", "shop"))
            let full = await problem { _ = try await world.api.storeConfig(try config("most", "shop")) }
            #expect(full?.kind == .busy)
            let body = try CanaryWorld.json(
                #"{"canaryConfig": \#(CanaryWorld.config), "executionRequest": \#(try world.request().jsonText)}"#
            )
            let origin = CanaryOrigin(application: "shop")
            let busy = await problem { _ = try await world.api.startCanary(body, origin) }
            #expect(busy?.kind == .busy)
            // The one that is finished makes room.
            try await world.api.cancel(id: id)
            let second = try await world.api.startCanary(body, origin)
            let answer = try await world.api.canary(id: second)
            #expect(answer["canaryConfigId"]?.text == "ad-hoc" && answer["configurationAccountName"] == nil)
            _ = try await world.api.storePairs(.array([]))
            let lists = await problem { _ = try await world.api.storePairs(.array([])) }
            #expect(lists?.kind == .busy)
        }
    }

    @Test func whatThereIsNotIsNotFound() async throws {
        try await CanaryWorld.run { world in
            let id = try await world.start()
            for ask in [
                { _ = try await world.api.canary(id: "none") }, { _ = try await world.api.analysis(id: id) },
                { try await world.api.cancel(id: "none") }, { _ = try await world.api.samples(.pairList, id: "none") },
                { _ = try await world.api.pair(list: "none", id: "none") },
                { try await world.api.deleteSamples(.pairList, id: "none") },
                {
                    _ = try await world.api.startCanary(
                        configID: "none",
                        try world.request(),
                        CanaryOrigin(application: "a")
                    )
                },
            ] as [() async throws -> Void] {
                let found = await problem(ask)
                #expect(found?.kind == .notFound, "\(String(describing: found))")
            }
        }
    }

    @Test func asksWithoutAJudgement() async throws {
        try await CanaryWorld.run { world in
            let time = world.clock.now()
            let scope = CanaryScope(
                scope: "web",
                location: nil,
                start: time - .seconds(120),
                end: time,
                step: 60
            )
            let query = CanaryMetricQuery(
                metricName: "errors",
                labelBindings: ["a=\"b\""],
                groupByFields: [],
                customInlineTemplate: "track=\"${scope}\""
            )
            let text = try world.api.query(query, for: scope)
            #expect(text == #"avg(errors{track="web",a="b"})"#)
            let id = try await world.api.fetch("errors", query, for: scope)
            let sets = try await world.api.samples(.setList, id: id)
            #expect(sets[0]["values"]?.elements?.count == 3 && sets[0]["attributes", "query"]?.text == text)
        }
    }

    @Test func pairsOfCallersAreJudged() async throws {
        try await CanaryWorld.run { world in
            let config = try await world.api.storeConfig(try config("one", "shop"))
            let pairs = try CanaryWorld.json(
                #"[{"name": "errors", "id": "p", "tags": {}, "values": {"control": [1, 2, 3, 4, 5, 6, 7, 8], "#
                    + #""experiment": [11, 12, 13, 14, 15, 16, 17, 18]}}]"#
            )
            let list = try await world.api.storePairs(pairs)
            let thresholds = try CanaryThresholds(pass: 95, marginal: 75)
            let judged = try await world.api.judge(configID: config, pairList: list, thresholds)
            #expect(judged["score", "classification"]?.text == "Fail")
            #expect(judged["results", "0", "resultMetadata", "ratio"] == .number("3.2222222222222223"))
            let lists = try await world.api.lists(.pairList)
            #expect(lists["0", "id"]?.text == list)
            try await world.api.deleteSamples(.pairList, id: list)
            for body in ["{}", "[1]", #"[{"values": {"control": [[]]}}]"#] {
                let found = await problem { _ = try await world.api.storePairs(try CanaryWorld.json(body)) }
                #expect(found?.kind == .invalid)
            }
        }
    }
}
