import Hummingbird
import HummingbirdTesting
import JSON
import Testing

@testable import Web

/// The description of the interface has each route, and nothing else.
@Suite struct InterfaceDescriptionTests {
    private var document: JSONObject {
        get throws { try #require(try JSONParser.parse(InterfaceDescription.json, maximumDepth: 32).object) }
    }

    /// `GET /v1/sessions/{id}`
    private func described() throws -> Set<String> {
        var found: Set<String> = []
        for (path, item) in try document.object("paths").members {
            for method in item.object?.names ?? [] { found.insert("\(method.uppercased()) \(path)") }
        }
        return found
    }

    @Test("Each route of the interface is described, and each description is of a route")
    func routes() async throws {
        let routes = Set(
            try await TestWebServer().routes().filter { $0.method != .head }.map { route in
                let path = route.path.components.map { component in
                    component.description.hasPrefix("{") || !component.description.hasPrefix(":")
                        ? component.description : "{\(component.description.dropFirst())}"
                }
                return "\(route.method.rawValue) /\(path.joined(separator: "/"))"
            }
        ).filter { route in
            // Pages are for people; a hook that there is not has no description.
            let path = route.split(separator: " ")[1]
            return route != "POST /v1/hooks/{format}"
                && (path.hasPrefix("/v1/") || path.hasPrefix("/kayenta/")
                    || ["/livez", "/readyz", "/metrics", "/version"].contains(path))
        }
        let described = try described()
        #expect(routes.subtracting(described) == [], "not described")
        #expect(described.subtracting(routes) == [], "no route has it")
    }

    @Test("What is referred to is there, and each operation has a name of its own")
    func references() throws {
        let document = try document
        var names: Set<String> = []
        func walk(_ value: JSONValue) throws {
            switch value {
            case .object(let object):
                if let reference = object["$ref"]?.text {
                    var target: JSONValue? = .object(document)
                    for part in reference.split(separator: "/").dropFirst() { target = target?.object?[String(part)] }
                    #expect(target != nil, "\(reference)")
                }
                if let name = object["operationId"]?.text {
                    #expect(names.insert(name).inserted, "\(name)")
                    #expect(object.object("responses")["default"] != nil, "\(name)")
                }
                for (_, member) in object.members { try walk(member) }
            case .array(let elements): for element in elements { try walk(element) }
            default: break
            }
        }
        try walk(.object(document))
        #expect(names.count > 20)
    }

    @Test func everyCallerGetsIt() async throws {
        let access = WebAccess(tokens: { ["write"] })
        try await TestWebServer(access: access).run { client, _ in
            try await client.execute(uri: "/v1/openapi.json", method: .get) { response in
                #expect(response.status == .ok)
                #expect(Array(response.body.readableBytesView) == InterfaceDescription.json)
            }
        }
    }

    @Test("What is wrong is told as problem details, and as version 0.1.0 told it")
    func problems() async throws {
        try await TestWebServer().run { client, _ in
            for (path, status) in [("/v1/sessions/none", 404), ("/v1/sessions?limit=0", 400), ("/v1/none", 404)] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(Int(response.status.code) == status)
                    #expect(response.headers[.contentType]?.hasPrefix("application/problem+json") == true)
                    let body = try JSONParser.parse(Array(response.body.readableBytesView), maximumDepth: 4).object
                    #expect(body?["status"]?.integer == Int64(status))
                    #expect(body?["detail"]?.text == body?["error"]?.text && body?["detail"]?.text?.isEmpty == false)
                }
            }
        }
    }
}

extension JSONObject {
    fileprivate func object(_ name: String) -> JSONObject { self[name]?.object ?? JSONObject() }
}
