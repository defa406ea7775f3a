package import Rollout
import ServiceLifecycle
import Synchronization

/// The rollout controller as a service: made once what it needs has been seen to; stopping it lets work under way finish.
package final class ControllerService: Service {
    package struct Parts: Sendable {
        package var controller: RolloutController
        /// Why no verdicts come in; nil when they may.
        package var trouble: @Sendable () -> String?

        package init(controller: RolloutController, trouble: @escaping @Sendable () -> String?) {
            self.controller = controller
            self.trouble = trouble
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

    package func run() async throws {
        guard await prepare() else { return }
        let made = try make()
        parts.withLock { $0 = made }
        try await withGracefulShutdownHandler {
            try await made.controller.run()
        } onGracefulShutdown: {
            made.controller.stop()
        }
    }
}
