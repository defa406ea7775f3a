import Kafka
import Logging

/// Where `assay wait` reads: the service when the settings name one, else the verdict topic from its beginning.
package enum PipelineVerdicts {
    package static func open(for wanted: WantedVerdict, _ settings: Settings) throws -> any PublishedVerdicts {
        if let service = try ServiceClient(settings) { return ServiceVerdicts(client: service, wanted: wanted) }
        let wiring = try KafkaWiring(settings, as: .wait)
        let reader = try KafkaReader(
            configuration: wiring.configuration,
            topic: wiring.verdicts,
            from: .beginning,
            logger: .quiet
        )
        return TopicVerdicts(reader: reader, wanted: wanted)
    }
}
