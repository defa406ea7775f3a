import Analysis
package import Logging
import ServiceLifecycle

/// Asks the metrics back end at the start, so that a wrong address is said before a release needs it, and now and then
/// while it does not answer. Nothing waits for it.
package struct BackEndProbe: Service {
    private let backEnd: PrometheusBackEnd
    private let watch: BackEndWatch
    /// Without credentials.
    private let address: String
    private let clock: any EngineClock
    private let interval: Duration
    private let logger: Logger

    package init(
        _ backEnd: PrometheusBackEnd,
        watch: BackEndWatch,
        address: String,
        clock: any EngineClock,
        interval: Duration = .seconds(30),
        logger: Logger
    ) {
        self.backEnd = backEnd
        self.watch = watch
        self.address = address
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                // While queries are answered there is nothing to find out.
                if self.watch.current != .up { await self.probe() }
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    package func probe() async {
        let isFirst = watch.current == .unknown
        do throws(SamplingFailure) {
            let found = try await backEnd.probe()
            watch.asked(nil, at: clock.now())
            if isFirst {
                logger.info("the metrics back end answers", metadata: ["url": "\(address)", "found": "\(found)"])
            }
        } catch {
            guard !Task.isCancelled else { return }
            watch.asked(error, at: clock.now())
        }
    }
}
