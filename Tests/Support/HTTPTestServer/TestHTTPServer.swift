import Glibc
import Synchronization

/// A scripted HTTP/1.1 server over POSIX sockets for tests: loopback, a thread of its own per connection.
package final class TestHTTPServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var target: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]
    }

    package enum Step: Sendable {
        case send([UInt8])
        /// Waits for ``openGate()``.
        case gate
        /// Waits until the client goes away.
        case hold
        case close
        /// Ends the connection with RST.
        case reset

        package static func respond(_ status: Int, headers: [String] = [], _ body: String = "") -> Step {
            let lines = ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)"] + headers
            return .send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        }
    }

    package struct Statistics: Sendable {
        package var connections = 0
        package var requests: [Request] = []
        package var running = 0
        package var mostRunning = 0
        /// Connections that the client ended while the server held them.
        package var abandoned = 0
    }

    private struct State {
        var statistics = Statistics()
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
    }

    private struct Waiter: Sendable {
        var condition: @Sendable (Statistics) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    package let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let gate = Gate()
    private let script: @Sendable (Request) -> [Step]

    package var url: String { "http://127.0.0.1:\(port)" }
    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Listens at once; `script` answers each request, on the connection's thread.
    package init(_ script: @escaping @Sendable (Request) -> [Step]) throws(TestServerError) {
        self.script = script
        (listener, port) = try LoopbackSocket.listen()
        let listener = listener
        TestThread.start { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                guard let self else {
                    Glibc.close(descriptor)
                    return
                }
                self.update { $0.connections += 1 }
                TestThread.start { self.serve(descriptor) }
            }
        }
    }

    deinit {
        stop()
    }

    /// Stops listening; connections that are open stay until their script ends.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        gate.open()
    }

    package func openGate() {
        gate.open()
    }

    /// Returns as soon as the condition holds, or when the task is cancelled (a test's time limit does that).
    package func wait(until condition: @escaping @Sendable (Statistics) -> Bool) async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !condition(state.statistics), !Task.isCancelled else { return true }
                    state.waiters[id] = Waiter(condition: condition, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    private func update(_ change: (inout Statistics) -> Void) {
        let ready = state.withLock { state in
            change(&state.statistics)
            let ready = state.waiters.filter { $0.value.condition(state.statistics) }
            for id in ready.keys { state.waiters[id] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    private func serve(_ descriptor: Int32) {
        defer { Glibc.close(descriptor) }
        var reader = RequestReader(descriptor)
        while let request = reader.next() {
            update { statistics in
                statistics.requests.append(request)
                statistics.running += 1
                statistics.mostRunning = max(statistics.mostRunning, statistics.running)
            }
            var isOpen = true
            // Counted down before the answer is sent: afterwards the client may send the next request at once.
            var isRunning = true
            for step in script(request) where isOpen {
                switch step {
                case .send(let bytes):
                    if isRunning { update { $0.running -= 1 } }
                    isRunning = false
                    isOpen = LoopbackSocket.write(bytes, to: descriptor)
                case .gate: gate.wait()
                case .hold:
                    reader.waitForEnd()
                    update { $0.abandoned += 1 }
                    isOpen = false
                case .close: isOpen = false
                case .reset:
                    LoopbackSocket.resetOnClose(descriptor)
                    isOpen = false
                }
            }
            if isRunning { update { $0.running -= 1 } }
            guard isOpen else { return }
        }
    }
}

package struct TestServerError: Error, CustomStringConvertible {
    package var description: String
}
