import Analysis
import LoadRig

/// What a run is asked to do.
struct LoadOptions: Sendable {
    /// The program under test.
    var assay: String
    var plan: LoadPlan
    var seed: UInt64
    var replicas: Int
    var usesPostgres: Bool
    var backEnd: BackEndBehaviour
    var broker: Broker.Choice
    /// Settings of every replica beyond what the run itself needs.
    var serveFlags: [String]
    var say: @Sendable (String) -> Void
}
