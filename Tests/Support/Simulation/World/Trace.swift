import Synchronization

import struct Analysis.Timestamp

/// The last things that happened in a simulation.
package final class Trace: Sendable {
    private struct Line: Sendable {
        var at: Timestamp
        var process: String
        var what: String
        var note: String
    }

    private struct State: Sendable {
        var lines: [Line] = []
        /// Where the next line goes once the ring is full.
        var next = 0
    }

    private let scheduler: SimulatedScheduler
    private let capacity: Int
    private let state = Mutex(State())

    package init(of scheduler: SimulatedScheduler, capacity: Int) {
        self.scheduler = scheduler
        self.capacity = capacity
    }

    package func add(_ process: String, _ what: String, _ note: String = "") {
        let line = Line(at: scheduler.now, process: process, what: what, note: note)
        state.withLock { state in
            if state.lines.count < capacity {
                state.lines.append(line)
            } else {
                state.lines[state.next] = line
                state.next = (state.next + 1) % capacity
            }
        }
    }

    /// Oldest first.
    package var text: String {
        let lines = state.withLock { Array($0.lines[$0.next...] + $0.lines[..<$0.next]) }
        return lines.map { "\($0.at) \($0.process) \($0.what)\($0.note.isEmpty ? "" : ": \($0.note)")" }
            .joined(separator: "\n")
    }
}
