import Glibc

/// Detached threads of the operating system, for C code that blocks: no Swift task ever does.
package enum OSThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Name look-ups and TLS hand-shakes happen on these threads, too.
    package static let stackBytes = 1 << 20

    /// Starts `body` with every signal blocked; false when the system has no thread left.
    package static func start(stackBytes: Int = stackBytes, _ body: @escaping @Sendable () -> Void) -> Bool {
        let context = Unmanaged.passRetained(Body(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            &attributes,
            { context in
                guard let context else { return nil }
                // OpenSSL writes to closed sockets; blocked here, SIGPIPE cannot end the process.
                var signals = sigset_t()
                sigfillset(&signals)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        if status != 0 { context.release() }
        return status == 0
    }

    /// Starts a loop that shows with each round that it still goes round; see ``HeartbeatRegister``.
    package static func startLoop(
        _ name: String,
        in register: HeartbeatRegister = .process,
        _ body: @escaping @Sendable (Heartbeat) -> Void
    ) -> Bool {
        let heartbeat = register.add(name)
        let isStarted = start {
            body(heartbeat)
            register.remove(heartbeat)
        }
        if !isStarted { register.remove(heartbeat) }
        return isStarted
    }
}
