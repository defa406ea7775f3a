import Foundation
import HTTPTransport
package import Kafka
package import Logging

/// Topics and connection settings that every command shares.
package struct KafkaWiring: Sendable {
    /// What the process is to the brokers: a part of the client id.
    package enum Role: String, Sendable {
        case serve
        case rollout
        case emit
        case wait
    }

    package var configuration: KafkaConfiguration
    package var deployEvents: String
    package var verdicts: String
    package var rollouts: String
    package var deadLetters: String
    package let watch: KafkaClientWatch
    /// Those that the process reads or writes: others may be hidden from it.
    package private(set) var topics: [KafkaTopic] = []
    private let created: CreatedTopics

    /// Throws when no brokers are given.
    package init(_ settings: Settings, as role: Role) throws {
        try self.init(
            settings,
            as: role,
            brokers: settings.required(.kafkaBrokers),
            isEmbedded: settings.flag(.kafkaEmbedded)
        )
    }

    package init(_ settings: Settings, as role: Role, brokers: String, isEmbedded: Bool) throws {
        watch = try KafkaClientWatch(settings)
        created = try CreatedTopics(settings)
        var properties = settings.kafkaProperties
        if settings.isGiven(.topicsMaxMessageBytes), properties["receive.message.max.bytes"] == nil {
            // One batch has to fit into an answer.
            let batch = try settings.integer(.topicsMaxMessageBytes)
            if batch > KafkaConfiguration.greatestAnswer {
                properties["receive.message.max.bytes"] = String(batch + 65_536)
            }
        }
        let clientID = settings.text(.kafkaClientId) ?? Self.clientID(of: role)
        configuration =
            isEmbedded
            ? .embedded(brokers, properties: properties, clientID: clientID)
            : KafkaConfiguration(brokers: brokers, properties: properties, clientID: clientID)
        configuration.clients = watch.clients
        deployEvents = try settings.required(.topicsDeployEvents)
        verdicts = try settings.required(.topicsVerdicts)
        rollouts = try settings.required(.topicsRollouts)
        deadLetters = try settings.required(.topicsDeadLetters)
        switch role {
        case .serve: limit(to: [.intake, .relay])
        case .rollout:
            topics = [created.topic(verdicts), created.topic(deadLetters), created.topic(rollouts, isLedger: true)]
        case .emit, .wait: break
        }
    }

    /// Brokers, or nothing of them where there may be a password among them: it may hold commas.
    static func withoutUsers(_ brokers: String) -> String {
        brokers.unicodeScalars.contains("@") ? Redaction.mark : brokers
    }

    /// The client's settings for a log, without secrets.
    package var redacted: String {
        configuration.redacted.sorted { $0.key < $1.key }.map { key, value in
            let shown = key == "bootstrap.servers" ? Self.withoutUsers(value) : Redaction.words(value)
            return "\(key)=\(shown)"
        }.joined(separator: " ")
    }

    /// Of a process that does only a part of the work of `serve`.
    package mutating func limit(to roles: Set<ServeSettings.Role>) {
        topics = []
        if roles.contains(.intake) { topics += [created.topic(deployEvents), created.topic(deadLetters)] }
        if roles.contains(.relay) { topics.append(created.topic(verdicts)) }
    }

    /// Names role and host: of a pod, its name. What tells hosts apart is at the end of their names, and a client id is
    /// short.
    static func clientID(of role: Role, host: String = ProcessInfo.processInfo.hostName) -> String {
        let allowed = host.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        return "assay-\(role.rawValue)-\(String(allowed.suffix(40)))"
    }

    /// A consumer joins its group only when its topic is there. A broker that is down is waited for by the clients.
    package func ensureTopics(logger: Logger) async throws(KafkaError) {
        do throws(KafkaError) {
            let outcomes = try await KafkaAdmin.ensureTopics(
                topics,
                configuration: configuration,
                logger: logger
            )
            for case (let topic, .missing(let reason)) in outcomes {
                logger.warning("topic is missing", metadata: ["topic": "\(topic)", "reason": "\(reason)"])
            }
        } catch {
            guard error.code != .configuration else { throw error }
            guard error.code != .closed else { return }
            logger.warning("topics cannot be looked up yet", metadata: ["error": "\(error)"])
        }
    }
}
