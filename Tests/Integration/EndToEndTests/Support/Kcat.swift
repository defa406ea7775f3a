import Testing

/// Kafka's independent command-line client.
struct Kcat: Sendable {
    let bench: Bench
    let broker: Broker

    /// Puts one record on the deploy topic; nil is a tombstone.
    func send(_ value: [UInt8]?, key: String = "key", headers: [(String, String)] = []) async throws {
        var arguments = ["-X", "message.max.bytes=2097152", "-t", "deploy.events", "-P"]
        for (name, value) in headers { arguments += ["-H", "\(name)=\(value)"] }
        var input = "/dev/null"
        if let value {
            arguments += ["-k", key, try bench.write(value, to: "record")]
        } else {
            input = try bench.write("\(key):\n", to: "record")
            arguments += ["-Z", "-K", ":"]
        }
        let sent = try await run(arguments, input: input)
        #expect(sent.code == 0, "\(sent)")
    }

    /// A key that is too long for a command line.
    func send(_ value: [UInt8], longKey key: String) async throws {
        let input = try bench.write(Array("\(key):".utf8) + value + Array("\n".utf8), to: "record")
        let arguments = ["-X", "message.max.bytes=2097152", "-t", "deploy.events", "-P", "-K", ":"]
        let sent = try await run(arguments, input: input)
        #expect(sent.code == 0, "\(sent)")
    }

    func sendStructured(_ event: TestEvent) async throws {
        let headers = [("content-type", "application/cloudevents+json")]
        try await send(Array(event.structured.utf8), key: event.application, headers: headers)
    }

    func sendBinary(_ event: TestEvent) async throws {
        let headers = event.attributes.map { ("ce_\($0.name)", $0.value) } + [("content-type", "application/json")]
        try await send(Array(event.data.utf8), key: event.application, headers: headers)
    }

    /// Every record of a topic up to its end, in one line each.
    func read(_ topic: String, format: String) async throws -> [String] {
        let read = try await run(["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "\(format)\\n"])
        #expect(read.code == 0, "\(read)")
        return read.output.split(separator: "\n").map(String.init)
    }

    private func run(_ arguments: [String], input: String = "/dev/null") async throws -> ProgramResult {
        try await bench.run(try #require(Programs.find("kcat")), ["-b", broker.address] + arguments, input: input)
    }
}
