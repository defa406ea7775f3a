import Foundation
import HTTPTransport
import Processes

extension DemoShop {
    /// Runs the shop, and the load on it, until SIGINT, SIGTERM or the task's cancellation.
    ///
    /// Prints one line `SHOP_URL=http://HOST:PORT` when it answers.
    package static func run(_ options: DemoShopOptions) async throws {
        let shop = DemoShop(version: options.version)
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        configuration.maximumConcurrentRequests = LoadGenerator.maximumConcurrent
        configuration.maximumConcurrentRequestsPerHost = LoadGenerator.maximumConcurrent
        let client = try HTTPClient(configuration: configuration)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await shop.serve(host: options.host, port: options.port) { ready in
                    port.yield(ready)
                    port.finish()
                }
            }
            group.addTask { await ShutdownSignal.wait() }
            group.addTask {
                for await port in ports {
                    try options.portFile.map { try PortFile.write(port, to: $0) }
                    let url = "http://\(options.ownHost):\(port)"
                    Console.line("SHOP_URL=\(url)")
                    guard options.load > 0 else { continue }
                    await LoadGenerator(client: client, baseURL: url, perSecond: options.load).run()
                }
                // Without load there is nothing left to do here; the shop goes on.
                try await Task.sleep(for: .seconds(86_400 * 365))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        await client.close()
    }
}

/// A file that tells another program which port was taken.
enum PortFile {
    /// Written beside and renamed, so that a reader never sees half a number.
    static func write(_ port: Int, to path: String) throws {
        try Data("\(port)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
