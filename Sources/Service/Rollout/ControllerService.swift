package import Rollout
import ServiceLifecycle
import Synchronization

/// The rollout controller as a service: made once its topics have been seen to; stopping it lets work under way finish.
package final class ControllerService: Service {
    package typealias Parts = (controller: RolloutController, source: KafkaVerdictSource)

    private let topics: TopicSetup
    private let make: @Sendable () throws -> Parts
    private let source = Mutex<KafkaVerdictSource?>(nil)

    package init(topics: TopicSetup, make: @escaping @Sendable () throws -> Parts) {
        self.topics = topics
        self.make = make
    }

    /// The consumer of verdicts has its place in its group.
    package var isJoined: Bool { source.withLock { $0?.isJoined ?? false } }

    package func run() async throws {
        await topics.settled()
        let parts = try make()
        source.withLock { $0 = parts.source }
        try await withGracefulShutdownHandler {
            try await parts.controller.run()
        } onGracefulShutdown: {
            parts.controller.stop()
        }
    }
}
