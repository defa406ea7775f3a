import Analysis
import EventFormats
import Testing

private let structuredHeaders = [EventHeader("content-type", "application/cloudevents+json; charset=UTF-8")]

@Suite struct CloudEventKafkaBindingTests {
    private static let required = [
        EventHeader("ce_specversion", "1.0"), EventHeader("ce_id", "1"), EventHeader("ce_source", "/s"),
        EventHeader("ce_type", "t"),
    ]

    static let events = [
        CloudEvent(id: "1", source: "/s", type: "t"),
        CloudEvent(id: "1", source: "/s", type: "t", data: Array(#"{"a":1}"#.utf8)),
        CloudEvent(
            id: "ü 1",
            source: "/s?x=%41",
            type: "t",
            subject: "a/b",
            time: Timestamp(milliseconds: 1_700_000_000_123),
            dataContentType: "application/json",
            dataSchema: "https://example.com/s",
            extensions: ["traceparent": "00-a-b-01", "sequence": "007"],
            data: Array(#"{"b":[1,2.50]}"#.utf8)
        ),
        CloudEvent(id: "1", source: "/s", type: "t", dataContentType: "application/octet-stream", data: [0, 255, 10]),
        CloudEvent(id: "1", source: "/s", type: "t", dataContentType: "application/vnd.x+json", data: Array("[]".utf8)),
    ]

    @Test("Both modes carry the whole event", arguments: events)
    func roundTrip(event: CloudEvent) throws {
        let binary = CloudEventKafkaBinding.binary(event)
        #expect(try CloudEventKafkaBinding.decode(value: binary.value, headers: binary.headers) == event)
        let structured = CloudEventKafkaBinding.structured(event)
        #expect(try CloudEventKafkaBinding.decode(value: structured.value, headers: structured.headers) == event)
    }

    @Test func binaryHeaders() {
        let (value, headers) = CloudEventKafkaBinding.binary(Self.events[2])
        #expect(value == Self.events[2].data)
        #expect(headers.contains(EventHeader("ce_time", "2023-11-14T22:13:20.123Z")))
        #expect(headers.contains(EventHeader("content-type", "application/json")))
        #expect(!headers.contains { $0.name == "ce_datacontenttype" })
    }

    @Test(
        "Headers that carry no event",
        arguments: [
            ([], .notACloudEvent), ([EventHeader("content-type", "application/json")], .notACloudEvent),
            (Array(required.dropLast()), .missingAttribute), (Array(required.dropFirst()), .missingAttribute),
            (required + [EventHeader("ce_id", "2")], .badAttribute),
            (required + [EventHeader("ce_time", "soon")], .badAttribute),
            (required + [EventHeader("ce_subject", "")], .badAttribute),
            (required + [EventHeader("ce_my_extension", "x")], .badAttribute),
            (required + [EventHeader("ce_", "x")], .badAttribute),
            (required + [EventHeader("ce_x", "a\u{0}b")], .badAttribute),
            (required + [EventHeader(name: "ce_x", value: [0xFF, 0xFE])], .invalidUTF8),
            (required.dropFirst() + [EventHeader("ce_specversion", "0.3")], .unsupportedVersion),
            ([EventHeader("ce_specversion", "1.0"), EventHeader(name: "ce_id", value: nil)], .missingAttribute),
            ([EventHeader("content-type", "application/cloudevents-batch+json")], .batchUnsupported),
            ([EventHeader("Content-Type", "Application/CloudEvents+Avro")], .unknownFormat),
            ([EventHeader(name: "content-type", value: [0xC0])], .invalidUTF8),
            (required + Array(repeating: EventHeader("x", "y"), count: 61), .tooLarge),
            (required + [EventHeader("x", String(repeating: "y", count: 8192))], .tooLarge),
        ] as [([EventHeader], CloudEventError.Code)]
    )
    func refusedHeaders(headers: [EventHeader], code: CloudEventError.Code) {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEventKafkaBinding.decode(value: Array("{}".utf8), headers: headers)
        }
        #expect(error?.code == code)
        #expect(error?.reason.hasSuffix(".") == true)
    }

    @Test(
        "Structured values that are no event",
        arguments: [
            ("", .badJSON), ("{", .badJSON), ("[]", .badJSON), ("\"x\"", .badJSON), ("{}", .missingAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s"}"#, .missingAttribute),
            (#"{"specversion":"1.0","id":null,"source":"s","type":"t"}"#, .missingAttribute),
            (#"{"specversion":1,"id":"1","source":"s","type":"t"}"#, .unsupportedVersion),
            (#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":{},"source":"s","type":"t"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":1.5,"source":"s","type":"t"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","Ext":"x"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","ext":[1]}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"A"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":1}"#, .badAttribute),
            (
                #"{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/plain","data":1}"#,
                .badAttribute
            ),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-02-30T00:00:00Z"}"#, .badAttribute),
            (#"{"specversion":"1.0","id":"1","id":"2","source":"s","type":"t"}"#, .badJSON),
        ] as [(String, CloudEventError.Code)]
    )
    func refusedValues(text: String, code: CloudEventError.Code) {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEventKafkaBinding.decode(value: Array(text.utf8), headers: structuredHeaders)
        }
        #expect(error?.code == code)
    }

    @Test func tombstones() {
        for headers in [[], structuredHeaders] {
            let error = #expect(throws: CloudEventError.self) {
                try CloudEventKafkaBinding.decode(value: nil, headers: headers)
            }
            #expect(error?.code == .tombstone)
        }
    }

    @Test("A binary event without a value is an event without data") func noData() throws {
        #expect(try CloudEventKafkaBinding.decode(value: nil, headers: Self.required).data == nil)
    }

    @Test func sizeIsCheckedFirst() {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEventKafkaBinding.decode(value: Array(repeating: 0x5B, count: 262_145), headers: structuredHeaders)
        }
        #expect(error?.code == .tooLarge)
        let deep = #expect(throws: CloudEventError.self) {
            try CloudEventKafkaBinding.decode(value: Array(repeating: 0x5B, count: 262_144), headers: structuredHeaders)
        }
        #expect(deep?.code == .badJSON)
    }

    @Test("A JSON string as data stays a string; text of another type loses its quotes") func stringData() throws {
        func data(_ contentType: String) throws -> [UInt8]? {
            let text = #"{"specversion":"1.0","id":"1","source":"s","type":"t","data":"{}"\#(contentType)}"#
            return try CloudEventKafkaBinding.decode(value: Array(text.utf8), headers: structuredHeaders).data
        }
        #expect(try data("") == Array(#""{}""#.utf8))
        #expect(try data(#","datacontenttype":"text/plain""#) == Array("{}".utf8))
    }

    @Test("Numbers and booleans are extensions in their text form") func extensions() throws {
        let text = #"{"specversion":"1.0","id":"1","source":"s","type":"t","seq":7,"flag":true,"gone":null}"#
        let event = try CloudEventKafkaBinding.decode(value: Array(text.utf8), headers: structuredHeaders)
        #expect(event.extensions == ["seq": "7", "flag": "true"])
    }
}
