import ServiceLifecycle

/// A service that is called by its type and by nothing else.
///
/// The lifecycle library logs each service as text, and the text of a value holds all that is in it: addresses and
/// parameters with secrets too.
struct NamedService: Service, CustomStringConvertible {
    private let service: any Service

    init(_ service: any Service) {
        self.service = service
    }

    var description: String { "\(type(of: service))" }

    func run() async throws {
        try await service.run()
    }
}
