/// Everything that was measured in the run of one number of analyses.
struct Measurement: Sendable {
    var sessions: Int
    var workload: LoadWorkload
    var intake: Intake
    var looks: Looks
    var queries: QueryLog
    var verdicts: LoadTally
    /// Verdicts on the topic, interim ones included.
    var records: Int
    var usage: Usage
    /// What went wrong beside the verdicts, as sentences.
    var failures: [String] = []

    /// How the burst was taken in.
    struct Intake: Sendable {
        /// From the start of publishing until the broker had all events.
        var published: Duration
        /// From the start of publishing until all were in the inbox, and until all analyses were open; nil when that took
        /// too long.
        var accepted: Duration?
        var opened: Duration?
        /// Events a second between the first and the last that was accepted; nil when that was too quick to be measured.
        var perSecond: Double?
    }

    /// Sums over the replicas' own metrics.
    struct Looks: Sendable {
        var taken = 0
        var held = 0
        var missed = 0
        /// Of each replica.
        var shares: [Int] = []
        var queriesNeeded = 0
        var queriesSent = 0
        /// From the first look that was due to the last final verdict that a look brought.
        var duration = Duration.zero

        var perSecond: Double { duration > .zero ? Double(taken) / (duration / .seconds(1)) : 0 }
    }

    /// What it took.
    struct Usage: Sendable {
        /// Processor seconds of all replicas: while the burst was taken in, and while the analyses ran.
        var intakeSeconds: Double
        var analysisSeconds: Double
        /// Processors in use while the analyses ran.
        var assay: Double
        var postgres: Double
        var harness: Double
        /// The most that the replicas used over one interval.
        var busiest: Double
        /// Bytes of all replicas: when they were ready, and at most.
        var residentReady: Int
        var residentMost: Int
        /// Bytes that one replica held at most.
        var peak: Int
        /// Processor seconds of this process by part.
        var harnessParts: [String: Double]
    }

    var hasFailed: Bool { !failures.isEmpty || !verdicts.failures.isEmpty }
}
