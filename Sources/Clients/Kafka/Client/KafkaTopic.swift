/// A topic as it should exist.
package struct KafkaTopic: Sendable, Equatable {
    package var name: String
    /// Partitions to create it with.
    package var partitions: Int32
    /// Copies to create it with; -1 leaves it to the broker.
    package var replication: Int32
    /// Topic settings to create it with, such as `cleanup.policy`.
    package var settings: [String: String]

    package init(_ name: String, partitions: Int32 = 4, replication: Int32 = -1, settings: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.settings = settings
    }

    /// Kafka's rule: 1 to 249 of letters, digits, `.`, `_`, `-`, and neither `.` nor `..`.
    static func validate(_ name: String, allowsPattern: Bool = false) throws(KafkaError) {
        if allowsPattern, name.hasPrefix("^"), !name.utf8.contains(0), name.utf8.count <= 1000 { return }
        let isValid =
            (1...249).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isValid else {
            let shown = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._- ".contains($0)) }.prefix(80)
            throw KafkaError(code: .topic, message: "'\(shown)' is not a valid Kafka topic name.")
        }
    }
}
