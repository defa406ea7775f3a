import Benchmark
import EventFormats
import Foundation
import Harness
import Measuring

/// Deploy events read from Kafka records, from bytes to a checked value.
enum EventBenchmarks {
    private static let example = "docs/events/examples/deploy-full.json"

    static func register() {
        for mode in ["structured", "binary"] {
            let name = "events-\(mode)"
            Benchmark.race(name, between: ["assay"]) {
                let (value, headers) = try record(mode)
                func read() throws -> DecodedEvent {
                    DeployEventDecoder.decode(try CloudEventKafkaBinding.decode(value: value, headers: headers))
                }
                guard case .deploy = try read() else { throw WrongResult("\(example) is no deploy event") }
                let headerBytes = headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
                Results.record(name, "bytes", (value?.count ?? 0) + headerBytes)
                return [.here("assay") { keep(try read()) }]
            }
        }
    }

    private static func record(_ mode: String) throws -> (value: [UInt8]?, headers: [EventHeader]) {
        let structured: [UInt8] = Array(try Data(contentsOf: Repository.root.appending(path: example)))
        let contentType = [EventHeader("content-type", "application/cloudevents+json")]
        if mode == "structured" { return (structured, contentType) }
        let event = try CloudEventKafkaBinding.decode(value: structured, headers: contentType)
        let binary = CloudEventKafkaBinding.binary(event)
        return (binary.value, binary.headers)
    }
}
