import Analysis
import EventFormats
import JSON
import Testing

@Suite("Event schemas and examples") struct EventSchemaTests {
    @Test("Every example is valid") func examples() throws {
        let names = try EventDocuments.exampleNames
        #expect(names.count >= 9)
        for name in names {
            let schema = try EventDocuments.schema(String(name.prefix { $0 != "-" }))
            #expect(schema.problems(of: try EventDocuments.json("examples/\(name)")) == [], "\(name)")
        }
    }

    @Test("Every deploy example is a deploy event")
    func deployExamples() throws {
        for name in try EventDocuments.exampleNames where name.hasPrefix("deploy-") {
            let decoded = DeployEventDecoder.decode(try EventDocuments.event(String(name.dropLast(5))))
            guard case .deploy = decoded else {
                Issue.record("\(name): \(decoded)")
                continue
            }
        }
    }

    @Test("Every other example decodes, and encodes to what it was")
    func otherExamples() throws {
        for name in try EventDocuments.exampleNames where !name.hasPrefix("deploy-") {
            let event = try EventDocuments.event(String(name.dropLast(5)))
            let again: CloudEvent
            if event.type == ChangeEventFormat.type {
                guard case .change(let change) = DeployEventDecoder.decode(event) else {
                    Issue.record("\(name) is no change")
                    continue
                }
                #expect(DeployEventDecoder.decode(ChangeEventFormat.encode(change)) == .change(change))
                continue
            }
            if event.type == VerdictEvent.type {
                let link = try VerdictEvent.reportURL(of: event)
                again = VerdictEvent.encode(try VerdictEvent.decode(event), source: event.source, reportURL: link)
            } else {
                again = RolloutEvent.encode(try RolloutEvent.decode(event), source: event.source)
            }
            let data = try JSONParser.parse(try #require(event.data), maximumDepth: 32)
            #expect(try JSONParser.parse(try #require(again.data), maximumDepth: 32) == data, "\(name)")
            #expect(again.attributesForComparison == event.attributesForComparison)
        }
    }

    @Test(
        "A schema refuses what the decoder refuses",
        arguments: [
            #"{"application":"a","environment":"e"}"#,
            #"{"application":"","environment":"e","version":"1"}"#,
            #"{"application":"a","environment":"e","version":1}"#,
            #"{"application":"a","environment":"e","version":"1","weight":101}"#,
            #"{"application":"a","environment":"e","version":"1","weight":"20"}"#,
            #"{"application":"a","environment":"e","version":"1","phase":"deploying"}"#,
            #"{"application":"a","environment":"e","version":"1","time":"yesterday"}"#,
            #"{"application":"a","environment":"e","version":"1","control":{}}"#,
            #"{"application":"a","environment":"e","version":"1","control":{"labels":{"a":"b"},"before":"1h"}}"#,
            #"{"application":"a","environment":"e","version":"1","experiment":{"labels":{}}}"#,
            #"{"application":"a","environment":"e","version":"1","experiment":{"labels":{"a":1}}}"#,
            #"{"application":"a","environment":"e","version":"1","plan":[]}"#,
        ]
    )
    func refused(data: String) throws {
        let text = #"{"specversion":"1.0","id":"1","source":"/t","type":"dev.assay.deploy.v1","data":\#(data)}"#
        let value = try JSONParser.parse(Array(text.utf8), maximumDepth: 32)
        #expect(try EventDocuments.schema("deploy").problems(of: value) != [])
        let event = try CloudEventKafkaBinding.decode(
            value: Array(text.utf8),
            headers: [EventHeader("content-type", "application/cloudevents+json")]
        )
        guard case .malformed = DeployEventDecoder.decode(event) else {
            Issue.record("decoded: \(data)")
            return
        }
    }
}

extension CloudEvent {
    /// Everything but the bytes of the data.
    var attributesForComparison: CloudEvent {
        var event = self
        event.data = nil
        return event
    }
}
