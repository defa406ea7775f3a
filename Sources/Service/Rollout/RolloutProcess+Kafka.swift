import Analysis
import Engine
import Kafka
import Logging
import Rollout
import ServiceLifecycle
import Synchronization
import Telemetry

extension RolloutProcess {
    /// Verdicts as a member of a consumer group, and rollout events on their topic.
    ///
    /// - Parameter logStart: told what the process connects to, without secrets, before anything is connected.
    func kafkaConnection(
        _ group: String,
        _ registry: MetricRegistry,
        logStart: (Logger.Metadata) -> Void
    ) throws -> RolloutConnection {
        let kafka = try KafkaWiring(settings, as: .rollout)
        logStart(["librdkafka": "\(kafkaLibraryVersion())", "kafka": "\(kafka.redacted)"])
        kafka.watch.export(in: registry)
        let topics = TopicSetup(kafka, logger: logger)
        let producer = try KafkaProducer(configuration: kafka.configuration, logger: logger)
        let passesOver = try settings.flag(.rolloutPassOverUnreadable)
        let reading = Mutex<(@Sendable () -> KafkaConsumerStatistics)?>(nil)
        let begins = try settings.choice(.rolloutStartAt, RolloutStart.self)
        var services: [any Service] = [topics]
        if let password = kafka.watch.service { services.append(password) }
        return RolloutConnection(
            services: services,
            watch: { readiness, registry, service in
                readiness.watchKafka(
                    kafka.watch.clients,
                    in: registry,
                    isJoined: { service.trouble == nil },
                    statistics: { reading.withLock { $0 }?() }
                )
            },
            prepare: { [logger] in
                await topics.settled()
                return begins == .beginning ? true : await Self.startGroup(group, kafka, logger)
            },
            make: { [logger, reader] configuration, actuator, metrics in
                let source = try KafkaVerdictSource(
                    configuration: kafka.configuration,
                    group: group,
                    topic: kafka.verdicts,
                    maximumBacklog: configuration.maximumBacklog,
                    reader: reader,
                    deadLetters: DeadLetterTopic(
                        producer: producer,
                        topic: kafka.deadLetters,
                        version: ProgramVersion.current
                    ),
                    logger: logger
                )
                metrics.consumer.watch { source.statistics }
                reading.withLock { $0 = { source.statistics } }
                let controller = RolloutController(
                    configuration: configuration,
                    source: source,
                    sink: KafkaRolloutSink(producer: producer, topic: kafka.rollouts),
                    history: KafkaRolloutHistory(
                        configuration: kafka.configuration,
                        topic: kafka.rollouts,
                        passesOverUnreadable: passesOver,
                        logger: logger
                    ),
                    actuator: actuator,
                    now: Self.now,
                    observer: metrics.observer,
                    logger: logger
                )
                return ControllerService.Parts(controller: controller) {
                    source.isJoined ? nil : "the consumer has no place in its group"
                }
            },
            close: { await producer.close() }
        )
    }

    /// Tries for as long as it takes: a group that begins at the wrong place would pass over verdicts, or act on old
    /// ones. False when the process stops meanwhile.
    private static func startGroup(_ group: String, _ kafka: KafkaWiring, _ logger: Logger) async -> Bool {
        await cancelWhenGracefulShutdown {
            var pause = Duration.seconds(1)
            while !Task.isCancelled {
                do throws(KafkaError) {
                    let ends = try await KafkaGroupStart.storeEnds(
                        of: kafka.verdicts,
                        group: group,
                        configuration: kafka.configuration,
                        logger: logger
                    )
                    if !ends.isEmpty {
                        logger.info(
                            "consumer group begins at the end of the verdict topic",
                            metadata: ["group": "\(group)", "partitions": "\(ends.count)"]
                        )
                    }
                    return true
                } catch {
                    logger.warning(
                        "the place where the consumer group begins cannot be stored; not acting, trying again",
                        metadata: ["error": "\(error)", "next": "\(pause.compactText)"]
                    )
                }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(60))
            }
            return false
        }
    }
}
