import Foundation
import Synchronization

/// The same requests over and over, from several connections at once, as fast as they are answered.
struct RequestFlood: Sendable {
    struct Outcome: Sendable {
        /// Answers by status; 0 counts connections without an answer.
        var statuses: [Int: Int] = [:]

        var answers: Int { statuses.reduce(0) { $0 + ($1.key == 0 ? 0 : $1.value) } }
        /// Answers that refuse, and connections without one.
        var refused: Int { statuses.reduce(0) { $0 + ((200..<400).contains($1.key) ? 0 : $1.value) } }

        /// For a report: `1000 × 401, 3 × no answer`.
        var text: String {
            let parts = statuses.sorted { $0.key < $1.key }.map { status, count in
                "\(count) × \(status == 0 ? "no answer" : "\(status)")"
            }
            return parts.isEmpty ? "none" : parts.joined(separator: ", ")
        }

        static func + (left: Outcome, right: Outcome) -> Outcome {
            Outcome(statuses: left.statuses.merging(right.statuses, uniquingKeysWith: +))
        }
    }

    var connections: Int
    var port: Int
    /// Sent by turns.
    var requests: [[UInt8]]

    /// An HTTP/1.1 request that keeps its connection.
    static func request(
        _ method: String,
        _ path: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }

    /// Sends until the time given.
    func run(until end: ContinuousClock.Instant) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            for first in 0..<connections {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread.detachNewThread { continuation.resume(returning: sendOnThread(from: first, until: end)) }
                    }
                }
            }
            return await group.reduce(Outcome(), +)
        }
    }

    private func sendOnThread(from first: Int, until end: ContinuousClock.Instant) -> Outcome {
        var outcome = Outcome()
        var next = first
        while ContinuousClock.now < end {
            guard let socket = AttackerSocket(port: port, timeout: 10) else {
                outcome.statuses[0, default: 0] += 1
                usleep(50_000)
                continue
            }
            var reader = ResponseReader(socket: socket)
            while ContinuousClock.now < end {
                let isSent = socket.send(requests[next % requests.count])
                next += 1
                // A service that refuses may answer before it has all of the request.
                let response = reader.next()
                outcome.statuses[response?.status ?? 0, default: 0] += 1
                guard isSent, let response, response.keepsConnection else { break }
            }
            socket.close()
        }
        return outcome
    }
}
