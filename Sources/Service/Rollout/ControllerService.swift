package import Rollout
import ServiceLifecycle
import Synchronization

/// The rollout controller as a service: made once what it needs has been seen to; stopping it lets work under way finish.
package final class ControllerService: Service {
    package struct Parts: Sendable {
        package var controller: RolloutController
        /// Why no verdicts come in; nil when they may.
        package var trouble: @Sendable () -> String?
        /// Returns when this process must not act any more, for example because another one does; nil where it always may.
        package var hold: (@Sendable () async -> Void)?

        package init(
            controller: RolloutController,
            trouble: @escaping @Sendable () -> String?,
            hold: (@Sendable () async -> Void)? = nil
        ) {
            self.controller = controller
            self.trouble = trouble
            self.hold = hold
        }
    }

    private let prepare: @Sendable () async -> Bool
    private let make: @Sendable () throws -> Parts
    private let parts = Mutex<Parts?>(nil)

    /// - Parameter prepare: returns when the controller can be made; false when the process stops meanwhile.
    package init(prepare: @escaping @Sendable () async -> Bool, make: @escaping @Sendable () throws -> Parts) {
        self.prepare = prepare
        self.make = make
    }

    /// Why no verdicts come in; nil when they may.
    package var trouble: String? {
        parts.withLock { $0?.trouble ?? { "the controller is not connected yet" } }()
    }

    /// A controller that must not act any more is stopped, and another one made when it may again: that one reads what was
    /// done meanwhile.
    package func run() async throws {
        while await prepare() {
            let made = try make()
            parts.withLock { $0 = made }
            let isLost = try await withGracefulShutdownHandler {
                try await Self.run(made)
            } onGracefulShutdown: {
                made.controller.stop()
            }
            guard isLost else { return }
            parts.withLock { $0 = nil }
        }
    }

    /// True when the controller ended because it must not act any more.
    private static func run(_ made: Parts) async throws -> Bool {
        guard let hold = made.hold else {
            try await made.controller.run()
            return false
        }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await made.controller.run()
                return false
            }
            group.addTask {
                await hold()
                made.controller.stop()
                return true
            }
            let isLost = try await group.next() ?? false
            // Of the hold, when the controller has ended; else what is under way is waited for.
            if !isLost { group.cancelAll() }
            try await group.waitForAll()
            return isLost
        }
    }
}
