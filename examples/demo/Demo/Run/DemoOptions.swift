package import Reports

/// What `assay-demo` is asked to do.
package struct DemoOptions: Sendable {
    package var pace: DemoPace
    /// Where everything is kept; nil makes a directory among the temporary ones. It must be empty or not be there yet.
    package var directory: String?
    /// Leave everything running after the last release, until SIGINT or SIGTERM.
    package var keepRunning: Bool
    /// The `assay` that is run; nil is the one beside this program.
    package var executable: String?
    /// The program with the command `shop`; nil is this one.
    package var shop: String?
    /// The `prometheus` that is run; nil looks along PATH.
    package var prometheus: String?
    package var environment: [String: String]
    package var releases: [DemoRelease]
    package var feed: any DemoFeed
    /// Asked at each moment for what should go wrong then.
    package var faults: @Sendable (DemoMoment) async -> [DemoFault]
    /// How long to go on listening after the last release, so that a verdict too many would be seen.
    package var settle: Duration
    /// End in order at SIGINT and SIGTERM. Off in tests, where the test runner owns the signals.
    package var handlesSignals: Bool
    package var console: Console
    package var style: TerminalStyle

    package init(
        pace: DemoPace = .fast,
        directory: String? = nil,
        keepRunning: Bool = false,
        executable: String? = nil,
        shop: String? = nil,
        prometheus: String? = nil,
        environment: [String: String],
        releases: [DemoRelease] = DemoRelease.all,
        feed: any DemoFeed,
        faults: @escaping @Sendable (DemoMoment) async -> [DemoFault] = { _ in [] },
        settle: Duration = .seconds(1),
        handlesSignals: Bool = true,
        console: Console = .standard(),
        style: TerminalStyle? = nil
    ) {
        self.pace = pace
        self.directory = directory
        self.keepRunning = keepRunning
        self.executable = executable
        self.shop = shop
        self.prometheus = prometheus
        self.environment = environment
        self.releases = releases
        self.feed = feed
        self.faults = faults
        self.settle = settle
        self.handlesSignals = handlesSignals
        self.console = console
        self.style = style ?? TerminalStyle(isTerminal: console.isTerminal, environment: environment)
    }
}
