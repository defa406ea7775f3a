import Foundation
import Hummingbird
import NIOCore

extension DemoShop {
    private static let maximumBodyBytes = 64 << 10

    /// The shop's routes.
    var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { [self] _, _ in
            Self.answer(.ok, "text/html; charset=utf-8", ShopFrontPage.render(report))
        }
        for handler in ShopHandler.allCases {
            router.get("/\(handler.rawValue)") { [self] _, _ in
                try await Self.catching {
                    let served = try await serve(handler)
                    return Self.answer(
                        served.fails ? .internalServerError : .ok,
                        "text/plain; charset=utf-8",
                        "\(handler.rawValue) of shop \(served.version)\(served.fails ? ": failed" : "")\n"
                    )
                }
            }
        }
        router.get("/livez") { _, _ in Self.answer(.ok, "text/plain; charset=utf-8", "ok\n") }
        router.get("/metrics") { [self] _, _ in
            Self.answer(.ok, "text/plain; version=0.0.4; charset=utf-8", metricsText)
        }
        router.get("/admin/state") { [self] _, _ in try Self.json(.ok, report) }
        router.post("/admin/releases") { [self] request, _ in
            try await Self.catching {
                let order = try ReleaseOrder(json: try await Self.body(of: request))
                let revision = try release(order)
                return try Self.json(.created, ["version": order.version, "revision": revision])
            }
        }
        router.post("/admin/rollout") { [self] request, _ in
            try await Self.catching {
                let header = request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
                let (order, key) = try RolloutOrder.parse(
                    json: try await Self.body(of: request),
                    idempotencyKey: header
                )
                let answer = try apply(order, key: key)
                return try Self.json(.ok, ["outcome": answer.rawValue])
            }
        }
        return router
    }

    private static func body(of request: Request) async throws -> Data {
        do {
            let buffer = try await request.body.collect(upTo: maximumBodyBytes)
            return Data(buffer.readableBytesView)
        } catch {
            throw ShopError.invalid("the body has more than \(maximumBodyBytes) bytes")
        }
    }

    private static func catching(_ respond: () async throws -> Response) async throws -> Response {
        do {
            return try await respond()
        } catch let error as ShopError {
            let status: HTTPResponse.Status =
                switch error.code {
                case .invalid: .badRequest
                case .conflict: .conflict
                case .busy: .serviceUnavailable
                }
            return try json(status, ["error": error.description])
        }
    }

    private static func json(_ status: HTTPResponse.Status, _ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return answer(status, "application/json", String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    private static func answer(_ status: HTTPResponse.Status, _ type: String, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
