package import Analysis
import JSON
import Text

/// Where and when one side is.
package struct CanaryScope: Sendable, Equatable {
    package static let mostPoints: Int64 = 11_000
    /// Ten years.
    static let longestStep: Int64 = 315_360_000

    package var scope: String?
    package var location: String?
    package var start: Timestamp
    package var end: Timestamp
    /// Seconds.
    package var step: Int64
    package var parameters: [String: String]

    private static let members: Set<String> = [
        "scope", "location", "region", "start", "end", "step", "extendedScopeParams",
    ]

    package init(
        scope: String?,
        location: String?,
        start: Timestamp,
        end: Timestamp,
        step: Int64,
        parameters: [String: String] = [:]
    ) {
        self.scope = scope
        self.location = location
        self.start = start
        self.end = end
        self.step = step
        self.parameters = parameters
    }

    init(_ value: JSONValue, path: String) throws(KayentaProblem) {
        let scope = try KayentaObject(value, path, members: Self.members)
        // The location's name before it was called so, which Argo Rollouts still sends.
        let region = try scope.text("region")
        self.init(
            scope: try scope.text("scope"),
            location: try scope.text("location") ?? region,
            start: try scope.required("start", try scope.instant("start")),
            end: try scope.required("end", try scope.instant("end")),
            step: try scope.required("step", try scope.whole("step", in: 1...Self.longestStep)),
            parameters: Dictionary(try scope.map("extendedScopeParams") ?? []) { $1 }
        )
        try check(path)
    }

    func check(_ path: String) throws(KayentaProblem) {
        guard start <= end else { throw KayentaProblem("\(path).end is before its start.") }
        let points = end.since(start).milliseconds / (step * 1000) + 1
        guard points <= Self.mostPoints else {
            throw KayentaProblem(
                "\(path) has \(points) points of \(step) s; at most \(Self.mostPoints) are asked for: take a longer step."
            )
        }
        for value in [scope, location].compactMap({ $0 }) + parameters.values {
            guard value.utf8.count <= 1000, !value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
            else { throw KayentaProblem("\(path) has a value with control characters, or of more than 1000 bytes.") }
        }
    }

    var duration: Duration { end.since(start) }

    var json: JSONValue {
        .object([
            "scope": scope.map { .string($0) }, "location": location.map { .string($0) },
            "start": .string(start.javaText), "end": .string(end.javaText), "step": .integer(Int(step)),
            "extendedScopeParams": .object(
                JSONObject(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            ),
        ])
    }
}

/// Both sides of a named scope.
package struct CanaryScopePair: Sendable, Equatable {
    package var control: CanaryScope
    package var experiment: CanaryScope

    package init(control: CanaryScope, experiment: CanaryScope) {
        self.control = control
        self.experiment = experiment
    }

    init(_ value: JSONValue, name: String, path: String) throws(KayentaProblem) {
        let pair = try KayentaObject(value, path, members: ["controlScope", "experimentScope"])
        guard let control = pair.value("controlScope"), let experiment = pair.value("experimentScope") else {
            throw KayentaProblem(
                "Canary scope for named scope \(name.excerpt()) is missing experimentScope or controlScope keys"
            )
        }
        self.control = try CanaryScope(control, path: pair.path(of: "controlScope"))
        self.experiment = try CanaryScope(experiment, path: pair.path(of: "experimentScope"))
    }

    var json: JSONValue { .object(["controlScope": control.json, "experimentScope": experiment.json]) }
}
