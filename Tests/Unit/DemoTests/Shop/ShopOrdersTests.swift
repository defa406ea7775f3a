import Foundation
import Testing

@testable import Demo

@Suite("Orders to the shop")
struct ShopOrdersTests {
    @Test("A release order with its defaults")
    func release() throws {
        let order = try ReleaseOrder(json: Data(#"{"version":"2","weight":30,"errorRatio":0.5}"#.utf8))
        #expect(order.version == "2")
        #expect(order.weight == 30)
        #expect(order.behaviour.errorRatio == 0.5)
        #expect(order.behaviour.latencyMilliseconds == ShopBehaviour.healthy.latencyMilliseconds)
    }

    @Test(
        "A wrong release order is refused with the field's name",
        arguments: [
            ("{}", "version"), (#"{"version":""}"#, "version"), (#"{"version":2}"#, "version"),
            (#"{"version":"2","weight":0}"#, "weight"), (#"{"version":"2","weight":101}"#, "weight"),
            (#"{"version":"2","errorRatio":1.5}"#, "errorRatio"),
            (#"{"version":"2","latencyMilliseconds":-1}"#, "latencyMilliseconds"),
            (#"{"version":"2","latencyMilliseconds":1e300}"#, "latencyMilliseconds"), ("no", "JSON"),
            ("[]", "the body"),
        ]
    )
    func refusesRelease(json: String, named: String) {
        do {
            _ = try ReleaseOrder(json: Data(json.utf8))
            Issue.record("accepted \(json)")
        } catch {
            #expect(error.code == .invalid)
            #expect(error.description.contains(named))
        }
    }

    @Test("A rollout action as the controller sends it; the header's key wins over the id")
    func rollout() throws {
        let json = #"""
            {"id":"s1/final/webhook","verdict":"s1/final","session":"s1","application":"shop","environment":"demo",
             "version":"2","revision":"2-2","action":"promote","result":"pass","score":100,"reason":"","actuator":"webhook"}
            """#
        let (order, key) = try RolloutOrder.parse(json: Data(json.utf8), idempotencyKey: "header")
        #expect(order == RolloutOrder(application: "shop", version: "2", revision: "2-2", action: .promote))
        #expect(key == "header")
        #expect(try RolloutOrder.parse(json: Data(json.utf8), idempotencyKey: nil).key == "s1/final/webhook")
    }

    @Test(
        "A wrong rollout action is refused with the field's name",
        arguments: [
            (#"{"id":"a","application":"shop","action":"promote"}"#, "version"),
            (#"{"id":"a","application":"other","version":"2","action":"promote"}"#, "application"),
            (#"{"id":"a","application":"shop","version":"2","action":"explode"}"#, "action"),
            (#"{"application":"shop","version":"2","action":"promote"}"#, "Idempotency-Key"),
            ("", "JSON"),
        ]
    )
    func refusesRollout(json: String, named: String) {
        do {
            _ = try RolloutOrder.parse(json: Data(json.utf8), idempotencyKey: nil)
            Issue.record("accepted \(json)")
        } catch {
            #expect(error.code == .invalid)
            #expect(error.description.contains(named))
        }
    }
}
