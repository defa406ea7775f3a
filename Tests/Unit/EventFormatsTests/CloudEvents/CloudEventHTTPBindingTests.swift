import EventFormats
import Testing

@Suite struct CloudEventHTTPBindingTests {
    private static let required = [
        EventHeader("ce-specversion", "1.0"), EventHeader("CE-ID", "1"), EventHeader("Ce-Source", "/s"),
        EventHeader("ce-type", "t"),
    ]

    @Test("Both modes carry the whole event", arguments: CloudEventKafkaBindingTests.events)
    func roundTrip(event: CloudEvent) throws {
        let binary = CloudEventHTTPBinding.binary(event)
        #expect(try CloudEventHTTPBinding.decode(headers: binary.headers, body: binary.body) == event)
        let structured = CloudEventHTTPBinding.structured(event)
        #expect(try CloudEventHTTPBinding.decode(headers: structured.headers, body: structured.body) == event)
    }

    @Test(
        arguments: [
            ("plain", "plain"), ("a%20b", "a b"), ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"), ("100%", "100%"),
            ("%4", "%4"), ("%zz", "%zz"), (#""quo\"ted""#, "quo\"ted"), ("\"", "\""), ("%22", "\""),
        ])
    func headerValues(text: String, expected: String) throws {
        let headers = Self.required + [EventHeader("ce-subject", text)]
        #expect(try CloudEventHTTPBinding.decode(headers: headers, body: []).subject == expected)
    }

    @Test(
        arguments: [
            ([EventHeader("content-type", "application/json")], .notACloudEvent), ([], .notACloudEvent),
            (Array(required.dropLast()), .missingAttribute),
            ([EventHeader("content-type", "application/cloudevents-batch+json")], .batchUnsupported),
            (required + [EventHeader("ce-subject", "%FF")], .invalidUTF8),
            (required + [EventHeader("ce-subject", "%00")], .badAttribute),
        ] as [([EventHeader], CloudEventError.Code)]
    )
    func refused(headers: [EventHeader], code: CloudEventError.Code) {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEventHTTPBinding.decode(headers: headers, body: Array(#"{"application":"a"}"#.utf8))
        }
        #expect(error?.code == code)
    }

    @Test("A bare JSON body is told how to become an event") func hint() {
        let error = #expect(throws: CloudEventError.self) {
            try CloudEventHTTPBinding.decode(
                headers: [EventHeader("Content-Type", "application/json")],
                body: Array("{}".utf8)
            )
        }
        #expect(error?.reason.contains("Content-Type: application/cloudevents+json") == true)
        #expect(error?.reason.contains("ce-specversion") == true)
    }
}
