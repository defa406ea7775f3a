import LoadRig
import Testing

@testable import chaos

@Suite struct BrokerCommandsTests {
    @Test func bothAreGivenOrNone() throws {
        let commands = try #require(try BrokerCommands(down: "stop", up: "start", isReal: true))
        #expect(commands.down == "stop" && commands.up == "start")
        #expect(try BrokerCommands(down: nil, up: nil, isReal: true) == nil)
        #expect(try BrokerCommands(down: "", up: "", isReal: false) == nil)
    }

    @Test func anythingElseIsAnError() {
        #expect(throws: RunFailure.self) { try BrokerCommands(down: "stop", up: nil, isReal: true) }
        #expect(throws: RunFailure.self) { try BrokerCommands(down: nil, up: "start", isReal: true) }
        #expect(throws: RunFailure.self) { try BrokerCommands(down: "stop", up: "", isReal: true) }
        #expect(throws: RunFailure.self) { try BrokerCommands(down: "stop", up: "start", isReal: false) }
    }
}
