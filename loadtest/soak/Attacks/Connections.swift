/// Connections without a byte, on the port for everyone and on that of probes.
struct IdleSockets: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let sockets = SocketHerd(count: target.scaled(700), port: try target.port())
        let probes = SocketHerd(count: target.scaled(100), port: try target.probesPort())
        async let first = sockets.hold(until: target.end)
        async let second = probes.hold(until: target.end)
        let (here, there) = await (first, second)
        return AttackOutcome(
            did: "held \(sockets.count) silent connections, and \(probes.count) to the port of probes; opened"
                + " \(here.opened + there.opened)",
            refused: here.closed + there.closed
        )
    }
}

/// Requests whose headers never end.
struct SlowHeaders: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let herd = SocketHerd(
            count: target.scaled(400),
            port: try target.port(),
            greeting: Array("GET /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".utf8),
            drip: Array("a".utf8)
        )
        let outcome = await herd.hold(until: target.end)
        return AttackOutcome(
            did: "held \(herd.count) requests that sent a byte of a header a second; opened \(outcome.opened)",
            refused: outcome.closed
        )
    }
}

/// Callers without a right who ask all the time.
struct TokenGuessing: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let requests = (0..<100).map { number in
            RequestFlood.request(
                number % 2 == 0 ? "POST" : "GET",
                number % 2 == 0 ? "/v1/events" : "/v1/sessions",
                headers: [("Authorization", "Bearer guess-number-\(number)-of-many")],
                body: number % 2 == 0 ? Array("{}".utf8) : []
            )
        }
        let flood = RequestFlood(connections: target.scaled(100), port: try target.port(), requests: requests)
        let outcome = await flood.run(until: target.end)
        return AttackOutcome(
            did: "guessed tokens over \(flood.connections) connections: \(outcome.text)",
            refused: outcome.refused
        )
    }
}

/// Callers who ask for health all the time.
struct ReadinessFlood: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let requests = ["/readyz", "/livez", "/readyz", "/metrics"].map { RequestFlood.request("GET", $0) }
        let web = RequestFlood(connections: target.scaled(16), port: try target.port(), requests: [requests[0]])
        let probes = RequestFlood(connections: target.scaled(8), port: try target.probesPort(), requests: requests)
        async let first = web.run(until: target.end)
        async let second = probes.run(until: target.end)
        let outcome = await first + second
        return AttackOutcome(
            did:
                "asked for health and metrics over \(web.connections + probes.connections) connections: \(outcome.text)",
            refused: outcome.refused
        )
    }
}
