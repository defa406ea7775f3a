import LoadRig

/// What a run is asked to do.
struct SoakOptions: Sendable {
    /// The program under test.
    var assay: String
    var seconds: Int
    /// Good releases a second.
    var rate: Int
    var attacks: [AttackName]
    /// The share of the numbers that each attack names.
    var scale: Double
    var broker: Broker.Choice
    var say: @Sendable (String) -> Void

    /// Of each attack: it runs for the first part of it, and the good releases go on for the rest.
    var share: Duration { .milliseconds(Int64(seconds) * 1000 / Int64(max(1, attacks.count))) }
    var attackTime: Duration { share * 0.6 }
}
