import EventFormats
import Foundation

/// Deploy events read from Kafka records, from bytes to a checked value.
enum EventBenchmarks {
    static func table(examplePath: String) async throws -> ResultTable {
        var table = ResultTable(
            "Deploy events",
            columns: ["content mode", "bytes", "time an event", "events a CPU second", "spread"]
        )
        let structured: [UInt8] = Array(try Data(contentsOf: URL(fileURLWithPath: examplePath)))
        let contentType = [EventHeader("content-type", "application/cloudevents+json")]
        let event = try CloudEventKafkaBinding.decode(value: structured, headers: contentType)
        let binary = CloudEventKafkaBinding.binary(event)
        let records = [("structured", structured as [UInt8]?, contentType), ("binary", binary.value, binary.headers)]
        for (mode, value, headers) in records {
            func read() throws -> DecodedEvent {
                DeployEventDecoder.decode(try CloudEventKafkaBinding.decode(value: value, headers: headers))
            }
            guard case .deploy = try read() else {
                throw WrongResult(description: "\(examplePath) is no deploy event")
            }
            let measured = try await Measurement.of { keep(try read()) }
            let headerBytes = headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
            table.add(
                mode,
                Shown.grouped((value?.count ?? 0) + headerBytes),
                Shown.seconds(measured.median),
                Shown.number(1 / measured.median),
                measured.spread
            )
        }
        return table
    }
}
