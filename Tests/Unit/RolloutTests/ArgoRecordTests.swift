import Analysis
import EventFormats
import JSON
import Kubernetes
import Testing

@testable import Rollout

@Suite struct ArgoRecordTests {
    private func perform(_ kind: ActionKind, on server: MockKubernetes) async throws -> ActuatorOutcome {
        let configuration = try KubernetesConfiguration(server: "https://kubernetes.test/")
        let client = ArgoRolloutClient(KubernetesClient(configuration: configuration, client: server))
        let actuator = ArgoRolloutActuator(client: client, now: { Fixture.start }, logger: Harness.silent)
        var action = Fixture.action(kind, Fixture.verdict(namespace: "shop-prod"))
        action.reportURL = "https://assay.test/sessions/s1"
        return try await actuator.perform(action)
    }

    @Test(arguments: [(ActionKind.abort, "AssayAborted", "Warning"), (.promote, "AssayPromoted", "Normal")])
    func whatWasDoneIsWrittenOnTheObject(kind: ActionKind, reason: String, type: String) async throws {
        let server = MockKubernetes(MockKubernetes.rollout())
        _ = try await perform(kind, on: server)
        let annotations = server.object["metadata"]?.object?["annotations"]?.object
        #expect(annotations?["rollout.assay.dev/action"] == .string(kind.rawValue))
        #expect(annotations?["rollout.assay.dev/action-at"] == .string(Fixture.start.rfc3339))
        #expect(annotations?["rollout.assay.dev/verdict"] == .string("v1"))
        #expect(annotations?["rollout.assay.dev/session"] == .string("s1"))
        #expect(annotations?["rollout.assay.dev/report"] == .string("https://assay.test/sessions/s1"))
        let event = try #require(server.events.first)
        #expect(server.events.count == 1)
        #expect(event["reason"] == .string(reason))
        #expect(event["type"] == .string(type))
        #expect(event["involvedObject"]?.object?["name"] == .string("shop"))
        let message = event["message"]?.text ?? ""
        #expect(message.contains("v1") && message.contains("https://assay.test/sessions/s1"))
    }

    @Test(arguments: ["POST", "PATCH"])
    func whatCannotBeWrittenDownIsDoneAllTheSame(refused: String) async throws {
        let server = MockKubernetes(MockKubernetes.rollout())
        if refused == "POST" { server.refuse("POST", status: 403) } else { server.refuseRecords() }
        guard case .done = try await perform(.abort, on: server) else {
            Issue.record("not done")
            return
        }
        #expect(server.object["status"]?.object?["abort"] == .bool(true))
    }

    @Test func aRepeatOfAnEventIsTheSameEvent() throws {
        let rollout = try ArgoRollout(
            KubernetesValue(json: Array(#"{"metadata":{"name":"a","namespace":"b","resourceVersion":"1"}}"#.utf8))
        )
        func name(_ id: String) -> String {
            ArgoRecord(Fixture.action(), id: id, on: rollout, detail: "Done.", at: Fixture.start).event.name
        }
        #expect(name("s1/final/argo-rollout") == name("s1/final/argo-rollout"))
        #expect(name("s1/final/argo-rollout") != name("s2/final/argo-rollout"))
        #expect(KubernetesName.isSubdomain(name("s1/final/argo-rollout")))
    }

    @Test(arguments: [
        ("GET", 200, "<html>Log in</html>"), ("GET", 302, ""), ("GET", 404, "<html>no route</html>"),
        ("PATCH", 403, "denied by policy"), ("PATCH", 409, "<html>"), ("GET", 401, "<html>"), ("GET", 400, "{}"),
    ])
    func whatAProxyAnswersIsNoAnswerOfKubernetes(request: String, status: Int, body: String) async throws {
        let server = MockKubernetes(MockKubernetes.rollout())
        server.answer(request, status: status, body: body)
        let error = await #expect(throws: ActuatorError.self) { try await perform(.abort, on: server) }
        #expect(error?.code == .transient)
        #expect(error?.message.contains("not an answer of Kubernetes") == true)
    }
}
