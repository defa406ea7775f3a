import Glibc
import LoadRig
import Processes
import Synchronization

/// What the processes of a run take, over time.
final class UsageWatch: Sendable {
    /// Processor seconds since the processes were started, and what is resident now.
    struct Reading: Sendable {
        var at = ContinuousClock.now
        /// Of all replicas.
        var assay = 0.0
        var postgres = 0.0
        /// Of this process: back end, broker, producer, reader.
        var harness = 0.0
        /// Bytes, of all replicas.
        var resident = 0

        /// Processors in use between two readings.
        func processors(since earlier: Reading, _ part: KeyPath<Reading, Double>) -> Double {
            let time = (at - earlier.at) / .seconds(1)
            return time > 0 ? (self[keyPath: part] - earlier[keyPath: part]) / time : 0
        }
    }

    private let replicas: [Replica]
    private let postgres: PostgresServer?
    private let state = Mutex<(readings: [Reading], peak: Int)>(([], 0))

    init(replicas: [Replica], postgres: PostgresServer?) {
        self.replicas = replicas
        self.postgres = postgres
    }

    @discardableResult
    func read() -> Reading {
        var reading = Reading()
        var peak = 0
        for replica in replicas {
            guard let process = replica.current?.process, let usage = ProcessUsage(of: process.id) else { continue }
            reading.assay += usage.seconds
            reading.resident += usage.resident
            peak = max(peak, usage.peakResident)
        }
        if let process = postgres?.processID { reading.postgres = ProcessUsage.secondsWithChildren(of: process) }
        reading.harness = ProcessUsage(of: getpid())?.seconds ?? 0
        state.withLock { state in
            state.readings.append(reading)
            state.peak = max(state.peak, peak)
        }
        return reading
    }

    /// Reads twice a second until the task is cancelled.
    func follow() async {
        while !Task.isCancelled {
            read()
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    /// The most that one replica has ever held.
    var peakResident: Int { state.withLock { $0.peak } }

    /// The most that all replicas held at once.
    var mostResident: Int { state.withLock { $0.readings.map(\.resident).max() ?? 0 } }

    /// Most processors that the replicas used over any stretch of `length`, in whole readings.
    func busiest(_ part: KeyPath<Reading, Double>, over length: Duration) -> Double {
        let readings = state.withLock { $0.readings }
        var (most, first) = (0.0, 0)
        for (last, reading) in readings.enumerated() {
            while first < last, readings[first].at + length < reading.at { first += 1 }
            if first > 0 { most = max(most, reading.processors(since: readings[first - 1], part)) }
        }
        return most
    }
}
