import EventFormats
import Foundation
import Grafana
import Rollout

@testable import HTTPTransport
@testable import Kubernetes

/// Gives every request the same answer.
private struct FixedAnswer: HTTPExecuting {
    let response: HTTPResponse

    /// `status: 200` and other header lines, an empty line, the body.
    init(_ bytes: [UInt8]) {
        let input = HeadedInput(bytes)
        let fields = input.headers.dropFirst().map {
            HTTPHeaders.Field(name: $0.name, value: String(decoding: $0.value ?? [], as: UTF8.self))
        }
        response = HTTPResponse(status: input.number, headers: HTTPHeaders(Array(fields)), body: input.body ?? [])
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse { response }
}

extension FuzzTarget {
    static let grafanaAnswer = FuzzTarget(
        "grafana-answer",
        dictionary: "http",
        property: .suspending { bytes in
            let client = GrafanaClient(baseURL: "http://grafana.example", http: FixedAnswer(bytes))
            do {
                _ = try await client.create(Annotation(text: "released", time: 0))
            } catch let error as GrafanaError {
                try requireCleanLine(error.description)
            }
            do {
                for found in try await client.find(tags: ["assay"], from: 0, to: 1) {
                    for tag in found.tags ?? [] {
                        let kept = AnnotationTag.sanitised(tag)
                        try require(AnnotationTag.sanitised(kept) == kept, "a tag changes each time it is cleaned")
                    }
                }
            } catch let error as GrafanaError {
                try requireCleanLine(error.description)
            }
        }
    )

    /// An object of the API server, and its refusals.
    static let kubernetesAnswer = FuzzTarget(
        "kubernetes-answer",
        dictionary: "kubernetes",
        property: .suspending { bytes in
            let configuration = try KubernetesConfiguration(server: "https://kubernetes.example")
            let client = KubernetesClient(configuration: configuration, client: FixedAnswer(bytes))
            do {
                let path = try KubernetesPath(.argoRollouts, namespace: "shop", name: "checkout")
                let value = try await client.get(path)
                let again = try KubernetesValue(json: try value.json())
                try require(again == value, "an object changes when it is written and read")
            } catch let error as KubernetesError {
                try requireCleanLine(error.description)
                if let asked = error.retryAfter, !asked.isEmpty { try requireCleanLine(asked) }
            }
        }
    )

    /// A Rollout as the API server tells it: whatever it is, the decision on it is one sentence.
    static let argoRollout = FuzzTarget("argo-rollout", dictionary: "kubernetes") { bytes in
        do {
            let rollout = try ArgoRollout(try KubernetesValue(json: bytes))
            if let index = rollout.currentStepIndex {
                try require((0...rollout.stepCount).contains(index), "the step is \(index) of \(rollout.stepCount)")
            }
            for verb in ArgoRolloutPatch.Verb.allCases {
                switch ArgoRolloutPatch.decide(verb, rollout) {
                case .patch(let patch): try require(patch.rollout == rollout, "a patch is of another rollout")
                case .alreadyDone(let text), .held(let text), .unsettled(let text): try requireCleanLine(text)
                }
            }
        } catch let error as KubernetesError {
            try requireCleanLine(error.description)
        }
    }

    static let webhookAnswer = FuzzTarget(
        "webhook-answer",
        maximumBytes: 512,
        dictionary: "http",
        property: .suspending { bytes in
            let actuator = WebhookActuator(url: "http://hook.example", client: FixedAnswer(bytes))
            do {
                if case .held(let text) = try await actuator.perform(WebhookProperties.action) {
                    try requireCleanLine(text)
                }
            } catch let error as ActuatorError {
                try requireCleanLine(error.description)
            }
        }
    )

    /// Header lines as libcurl hands them over, dates, waits and addresses.
    static let httpFields = FuzzTarget("http-fields", maximumBytes: 1024, dictionary: "http") { bytes in
        var accumulator = ResponseAccumulator(maximumBytes: 0)
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: true) {
            _ = line.withUnsafeBytes { accumulator.appendHeaderLine($0) }
        }
        for field in accumulator.headers.fields {
            try require(!field.name.contains("\n") && !field.value.contains("\n"), "a field has more than a line")
            try require(accumulator.headers[field.name] != nil, "the field \(field.name) is not found again")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let policy = RetryPolicy()
        for value in [text] + accumulator.headers.fields.map(\.value) {
            let wait = policy.delay(failures: 1, retryAfter: value, random: 1, unixSeconds: 784_111_777)
            try require(wait >= .zero && wait <= policy.maximumRetryAfter + policy.maximumDelay, "a wait is \(wait)")
            if let seconds = HTTPDate.parse(value) {
                try require((0...253_402_300_800).contains(seconds), "a date is \(seconds) s")
            }
        }
        let encoded = PercentEncoding.encode(text)
        try require(encoded.removingPercentEncoding == text, "a component changes on its way")
        try require(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a component is not plain ASCII")
        try HTTPProperties.checkAddress(text)
    }
}

extension FuzzTarget {
    /// Whether the transport keeps a header line, when it is the first of an answer.
    static func takesHeaderLine(_ line: [UInt8]) -> Bool {
        var accumulator = ResponseAccumulator(maximumBytes: 0)
        return line.withUnsafeBytes { accumulator.appendHeaderLine($0) }
    }
}

enum HTTPProperties {
    /// What is shown of an address never holds its query, and never its user part.
    static func checkAddress(_ text: String) throws {
        let shown = Redaction.url(text)
        if !shown.isEmpty { try requireCleanLine(shown) }
        let secret = "s3cr3t"
        let place = String(text.unicodeScalars.prefix { !["/", "?", "#", "\\", "@"].contains($0) })
        for url in ["https://user:\(secret)\(place)@host/path", "https://host/path?\(secret)\(text)"] {
            let shown = Redaction.url(url)
            try require(shown.utf8.firstRange(of: secret.utf8) == nil, "a secret is shown in \(shown)")
        }
        do {
            let host = try Libcurl.host(of: text)
            try require(host.hasPrefix("http://") || host.hasPrefix("https://"), "the host is \(host)")
        } catch let error as HTTPError {
            try requireCleanLine(error.description)
        }
    }
}
