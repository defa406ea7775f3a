import Analysis
import ArgumentParser
import Foundation
import PlanFormats
import Service
import TextFiles

/// `assay validate`: checks plan files.
struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks plan files: every error with its line, and warnings about what may surprise.",
        usage:
            "assay validate <files> ... [--strict] [--live [--application <name>] [--control <label>] [<setting> ...]]",
        discussion: """
            Exit code 0: all are valid. 1: at least one is not, or there is none. With --live each query is asked of the
            metrics back end as well, for both sides, over the window of the last look up to now; exit code 1 also when the
            back end refuses a query, when a side has no samples or too many series, and when both sides are the same;
            exit code 3 when the back end gives no answer.

            A file of dependencies (kind: Dependencies) is checked too.

            \(SettingsHelp.text(for: .validate))
            """
    )

    @Argument(parsing: .allUnrecognized, help: "Plan files, or directories of them.")
    var files: [String]

    @Flag(help: "Warnings are errors.")
    var strict = false

    @Flag(help: "Ask the metrics back end for each query, on both sides.")
    var live = false

    @Option(help: "With --live: the application; that of the plan's match if left out.")
    var application: String?

    @Option(help: "With --live: the environment; that of the plan's match if left out.")
    var environment: String?

    @Option(help: "With --live: the version that receives traffic.")
    var releaseVersion: String?

    @Option(help: "With --live: the namespace.")
    var namespace: String?

    @Option(help: "With --live: label of the control's series, name=value; may be repeated.")
    var control: [String] = []

    @Option(help: "With --live: label of the new version's series, name=value; may be repeated.")
    var experiment: [String] = []

    @Option(help: "Percent of the requests that the new version gets; says what the judge sequential can find.")
    var weight: Double?

    func validate() throws {
        if let weight, !(weight > 0 && weight < 100) { throw ValidationError("--weight must be above 0 and below 100") }
    }

    func run() async throws {
        let (paths, arguments) = Self.split(files)
        var isValid = true
        var plans: [AnalysisPlan] = []
        // A slip in an option is found before anything is checked.
        let settings = try await settings(arguments)
        guard !paths.isEmpty else { throw ValidationError("give plan files, or directories of them") }
        for path in paths {
            if let isGood = checkDependencies(path) {
                isValid = isValid && isGood
                continue
            }
            let (documents, errors) = check(path)
            let warnings = documents.flatMap { PlanWarnings.warnings(for: $0) }
            for warning in warnings {
                print(warning)
                if let excerpt = warning.excerpt { print(excerpt) }
            }
            if !errors.isEmpty || strict && !warnings.isEmpty { isValid = false }
            for document in documents {
                let plan = document.plan
                print(
                    "\(document.file):\(document.line): plan \(plan.name): \(plan.metrics.count)"
                        + " metric\(plan.metrics.count == 1 ? "" : "s"), judge \(plan.judge), ok"
                )
                guard plan.isSequential, !live else { continue }
                for (index, metric) in plan.metrics.enumerated() {
                    print("  \(metric.name): \(DetectionOutlook(of: index, in: plan, weight: weight).sentence)")
                }
            }
            for errors in errors { StandardError.write("\(errors.illustrated)\n") }
            plans += documents.map(\.plan)
        }
        if live, !plans.isEmpty {
            fflush(nil)
            try await ExitReport.guarding {
                for plan in plans where try await !isLive(plan, settings) { isValid = false }
            }
        }
        if !isValid { throw ExitCode(1) }
    }

    /// Whether a file of dependencies can be used; nil for any other.
    private func checkDependencies(_ path: String) -> Bool? {
        guard let text = try? TextFile.read(path, maximumBytes: DependencyCatalog.maximumBytes, acceptsPipes: false),
            DependencyFile.isOne(text)
        else { return nil }
        do throws(PlanFileErrors) {
            let count = try DependencyFile.read(text, file: path).count
            print("\(path): dependencies of \(count) application\(count == 1 ? "" : "s"), ok")
            return true
        } catch {
            StandardError.write("\(error.illustrated)\n")
            return false
        }
    }

    /// The plans of a file or a directory that can be read, and what is wrong with the others, or with them together.
    private func check(_ path: String) -> (documents: [PlanDocument], errors: [PlanFileErrors]) {
        let reader = PlanCatalog.reader
        do throws(PlanFileErrors) {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                return (try PlanDirectory.documents(inFile: path, reader: reader), [])
            }
            let files = try PlanFiles.read(path, limits: reader.limits)
            guard !files.isEmpty else { throw PlanFiles.absence(in: path) }
            let (documents, problems) = PlanDirectory.documents(of: files, reader: reader)
            var errors = problems.map { [$0] } ?? []
            do throws(PlanFileErrors) {
                if let ties = try PlanDirectory(plans: documents, reader: reader).ties { errors.append(ties) }
            } catch { errors.append(error) }
            return (documents, errors)
        } catch {
            return ([], [error])
        }
    }

    // MARK: Settings

    /// Files, and flags with their values.
    static func split(_ arguments: [String]) -> (files: [String], settings: [String]) {
        var (files, settings): ([String], [String]) = ([], [])
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                files.append(argument)
                continue
            }
            settings.append(argument)
            guard !argument.contains("="), let value = rest.first, !value.hasPrefix("--") else { continue }
            settings.append(value)
            rest.removeFirst()
        }
        return (files, settings)
    }

    private func settings(_ arguments: [String]) async throws -> Settings {
        let loader = SettingsLoader(.validate, arguments: arguments)
        let problems = loader.flagProblems
        guard problems.isEmpty else { throw ValidationError(problems.joined(separator: "; ")) }
        // Without --live the settings are not used, so that a variable that is wrong for them does not matter.
        guard live || !arguments.isEmpty else { return loader.read().settings }
        var settings: Settings?
        try await ExitReport.guarding { settings = try loader.load() }
        return settings ?? loader.read().settings
    }

    private func isLive(_ plan: AnalysisPlan, _ settings: Settings) async throws -> Bool {
        let release = LiveRelease(
            application: application ?? LiveRelease.name(of: plan.match.applications),
            environment: environment ?? LiveRelease.name(of: plan.match.environments),
            version: releaseVersion,
            namespace: namespace,
            control: try Emit.labels(control, "--control"),
            experiment: try Emit.labels(experiment, "--experiment"),
            weight: weight
        )
        let check = try LivePlanCheck(settings)
        let report = try await check.report(of: plan, for: release)
        for line in report.lines { print(line) }
        fflush(nil)
        if let outage = report.outage { throw SettingsError(outage) }
        return report.isGood
    }
}
