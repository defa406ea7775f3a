package import EventFormats
import Kafka
import Logging

/// Where `assay wait` reads: the service when the settings name one, else the topics of deploy events and of verdicts
/// from their beginning.
package enum PipelineVerdicts {
    /// The public keys that the settings name: only what is signed with one of them is believed. Nil without the setting.
    package typealias Keys = @Sendable () -> VerificationKeys

    /// Throws when the keys cannot be used.
    package static func keys(_ settings: Settings) throws -> Keys? {
        try KeyFile(.rolloutVerificationKeysFile, of: settings, logger: .quiet) { try VerificationKeys(pem: $0) }?
            .source
    }

    package static func open(
        for wanted: WantedVerdict,
        keys: Keys?,
        _ settings: Settings
    ) throws -> any PublishedVerdicts {
        if let service = try ServiceClient(settings) {
            return ServiceVerdicts(client: service, wanted: wanted, keys: keys)
        }
        let wiring = try KafkaWiring(settings, as: .wait)
        return TopicVerdicts(wanted: wanted, keys: keys) { topic in
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
