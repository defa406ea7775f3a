import Analysis
import EventFormats
import Testing

@Suite struct DeployEventDecoderTests {
    private static func event(_ data: String, time: Timestamp? = nil) -> CloudEvent {
        CloudEvent(
            id: "1",
            source: "/s",
            type: DeployEventDecoder.type,
            time: time,
            extensions: ["traceparent": "00-ext"],
            data: Array(data.utf8)
        )
    }

    private static func event(with members: String) -> CloudEvent {
        event(#"{"application":"a","environment":"e","version":"1"\#(members)}"#)
    }

    @Test func minimal() throws {
        let time = Timestamp(milliseconds: 5000)
        let expected = DeployEvent(
            identity: EventIdentity(source: "/s", id: "1"),
            time: time,
            application: "a",
            environment: "e",
            version: "1",
            traceparent: "00-ext"
        )
        let data = #"{"application":"a","environment":"e","version":"1"}"#
        #expect(DeployEventDecoder.decode(Self.event(data, time: time)) == .deploy(expected))
    }

    @Test("The members of the full example") func full() throws {
        guard case .deploy(let event) = DeployEventDecoder.decode(try EventDocuments.event("deploy-full")) else {
            Issue.record("not a deploy event")
            return
        }
        #expect(event.namespace == "shop")
        #expect(event.cluster == "eu-1")
        #expect(event.revision == "6d5f8c9b7c")
        #expect(event.workload == "checkout")
        #expect(event.imageDigest?.hasPrefix("sha256:") == true)
        #expect(event.phase == .deployed)
        #expect(event.time == Timestamp(rfc3339: "2026-11-21T10:15:30Z"))
        #expect(event.control == .labels(["track": "stable"]))
        #expect(event.experiment == ["track": "canary", "version": "2.4.0"])
        #expect(event.weight == 20)
        #expect(event.planName == "web-service")
        #expect(event.traceparent?.hasPrefix("00-4bf9") == true)
    }

    @Test("Unknown members and nulls are ignored")
    func lenient() {
        let decoded = DeployEventDecoder.decode(
            Self.event(with: #","future":{"x":[1]},"weight":null,"control":null,"time":null,"traceparent":"00-own""#)
        )
        guard case .deploy(let event) = decoded else {
            Issue.record("\(decoded)")
            return
        }
        #expect(event.weight == nil && event.control == nil && event.time == nil)
        #expect(event.traceparent == "00-own")
    }

    @Test("An inline plan keeps its text") func inlinePlan() {
        func plan(_ member: String) -> String? {
            guard case .deploy(let event) = DeployEventDecoder.decode(Self.event(with: #","plan":\#(member)"#)) else {
                return nil
            }
            return event.inlinePlan
        }
        #expect(plan(#"{"name" : "x", "step":1.50}"#) == #"{"name":"x","step":1.50}"#)
        #expect(plan(#""name: x\nkind: AnalysisPlan""#) == "name: x\nkind: AnalysisPlan")
    }

    @Test(
        "What is wrong is named by its path",
        arguments: [
            (#","application":"b""#, "data: the member \"application\" is repeated"),
            (#","weight":"20""#, "weight: must be"),
            (#","weight":-1"#, "weight: -1.0 is not a percentage"), (#","weight":true"#, "weight: must be a number"),
            (#","namespace":5"#, "namespace: must be a string, not a number"),
            (#","namespace":"""#, "namespace: must not be empty"),
            (#","cluster":"a\u0007""#, "cluster: contains a control character"),
            (#","phase":"done""#, "phase: \"done\" is not one of deployed, cancelled"),
            (#","time":"2026-13-01T00:00:00Z""#, "time: \"2026-13-01T00:00:00Z\" is not an RFC 3339 time"),
            (#","time":1700000000"#, "time: must be a string"),
            (#","control":"stable""#, "control: must be an object"), (#","control":{}"#, "control.labels: give either"),
            (#","control":{"before":"0s"}"#, "control.before: \"0s\" is not a time"),
            (#","control":{"before":"-1h"}"#, "control.before"), (#","control":{"before":"91d"}"#, "control.before"),
            (#","control":{"before":60}"#, "control.before: must be a string"),
            (#","control":{"labels":{}}"#, "control.labels: must name at least one label"),
            (#","control":{"labels":{"a":null}}"#, "control.labels.a: is required"),
            (#","experiment":{}"#, "experiment.labels: is required"),
            (#","experiment":{"labels":{"track":1}}"#, "experiment.labels.track: must be a string"),
            (#","experiment":{"labels":{"0a":"x"}}"#, "experiment.labels: \"0a\" is not a Prometheus label name"),
            (#","experiment":{"labels":{"a-b":"x"}}"#, "experiment.labels"), (#","plan":7"#, "plan: must be an object"),
            (#","plan":"""#, "plan: must not be empty"), (#","planName":{}"#, "planName: must be a string"),
            (#","version":1"#, "data: the member"),
            (#","revision":false"#, "revision: must be a string, not a boolean"),
        ]
    )
    func malformed(members: String, reason: String) {
        let decoded = DeployEventDecoder.decode(Self.event(with: members))
        guard case .malformed(let text) = decoded else {
            Issue.record("\(decoded)")
            return
        }
        #expect(text.hasPrefix(reason), "\(text)")
    }

    @Test(
        arguments: [
            ("{}", "application: is required"), (#"{"application":"a"}"#, "environment: is required"),
            (#"{"application":"a","environment":"e"}"#, "version: is required"),
            (#"{"application":"a","environment":"e","version":1.1}"#, "version: must be a string"),
            ("[]", "data: must be an object, not an array"), ("", "data: is missing"), ("{", "data:"),
            ("\u{0}", "data:"),
        ])
    func malformedData(data: String, reason: String) {
        guard case .malformed(let text) = DeployEventDecoder.decode(Self.event(data)) else {
            Issue.record("decoded")
            return
        }
        #expect(text.hasPrefix(reason), "\(text)")
    }

    @Test func otherTypes() {
        var event = Self.event("{}")
        event.type = "com.example.other"
        #expect(DeployEventDecoder.decode(event) == .unknownType("com.example.other"))
    }

    @Test func otherContentTypes() {
        var event = Self.event("{}")
        event.dataContentType = "application/xml"
        #expect(DeployEventDecoder.decode(event) == .malformed("datacontenttype: \"application/xml\" is not JSON"))
    }
}
