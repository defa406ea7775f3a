package import ArgumentParser

/// What every run may be told on the command line.
package struct RunOptions: ParsableArguments {
    @Option(help: "The same seed makes the same load.")
    package var seed: UInt64 = 1

    @Option(help: "The program under test; the assay beside this program if left out.")
    private var assay: String?

    @Option(help: "A real broker's bootstrap servers; an embedded broker if left out.")
    private var kafkaBrokers: String?

    @Option(help: "A librdkafka property for a real broker, name=value; may be given several times.")
    private var kafkaProperty: [String] = []

    @Option(help: "Where everything is kept; a temporary directory if left out.")
    package var directory: String?

    @Option(help: "File to write the report to, as Markdown.")
    package var report: String?

    @Flag(help: "Keep the files also when all went well.")
    package var keep = false

    package init() {}

    /// The program under test. Throws when there is none.
    package func program() throws -> String {
        try Programs.assay(assay)
    }

    /// Throws when a property is not name=value.
    package func broker() throws -> Broker.Choice {
        var properties: [String: String] = [:]
        for property in kafkaProperty {
            let parts = property.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw RunFailure("--kafka-property must be name=value") }
            properties[parts[0]] = parts[1]
        }
        let brokers = kafkaBrokers.flatMap { $0.isEmpty ? nil : $0 }
        return brokers.map { .real($0, properties: properties) } ?? .embedded
    }
}
