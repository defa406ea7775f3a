/// What `assay-demo shop` is asked to do.
package struct DemoShopOptions: Sendable, Equatable {
    /// The address to listen on.
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// A file that receives the port once the shop answers.
    package var portFile: String?
    /// Requests a second that the shop sends to itself, over loopback; 0 for none.
    package var load: Int
    package var version: String

    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        portFile: String? = nil,
        load: Int = 0,
        version: String = "1.0.0"
    ) {
        self.host = host
        self.port = port
        self.portFile = portFile
        self.load = load
        self.version = version
    }

    /// The address at which the shop reaches itself.
    var ownHost: String { host == "0.0.0.0" ? "127.0.0.1" : host }
}
