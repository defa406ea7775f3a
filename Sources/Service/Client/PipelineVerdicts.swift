import Kafka
import Logging

/// Where `assay wait` reads: the service when the settings name one, else the topics of deploy events and of verdicts
/// from their beginning.
package enum PipelineVerdicts {
    package static func open(for wanted: WantedVerdict, _ settings: Settings) throws -> any PublishedVerdicts {
        if let service = try ServiceClient(settings) { return ServiceVerdicts(client: service, wanted: wanted) }
        let wiring = try KafkaWiring(settings, as: .wait)
        return TopicVerdicts(wanted: wanted) { topic in
            let name =
                switch topic {
                case .deployEvents: wiring.deployEvents
                case .verdicts: wiring.verdicts
                case .rollouts: wiring.rollouts
                }
            return try KafkaReader(
                configuration: wiring.configuration,
                topic: name,
                from: .beginning,
                logger: .quiet
            )
        }
    }
}
