import ArgumentParser
import Service

/// The options by which a list of analyses is narrowed.
struct AnalysisFilter: ParsableArguments {
    @Option(help: "Only those of this application.")
    var application: String?

    @Option(help: "Only those in this environment.")
    var environment: String?

    @Option(help: "Only those in this cluster.")
    var cluster: String?

    @Option(help: "Only those in this namespace.")
    var namespace: String?

    @Option(help: "Only those of this version.")
    var releaseVersion: String?

    var release: ReleaseFilter {
        ReleaseFilter(
            application: application,
            environment: environment,
            cluster: cluster,
            namespace: namespace,
            version: releaseVersion
        )
    }
}
