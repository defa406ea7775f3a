import Hummingbird
import KayentaFormats
import Text

/// The parameters of a request of Kayenta's API.
struct KayentaParameters {
    private static let longest = 256
    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    /// Nil for an empty one.
    func text(_ name: String, longest: Int = Self.longest) throws(KayentaProblem) -> String? {
        try texts(name, longest: longest).first
    }

    func texts(_ name: String, longest: Int = Self.longest) throws(KayentaProblem) -> [String] {
        let values = request.uri.queryParameters[values: Substring(name)].map(String.init).filter { !$0.isEmpty }
        guard values.allSatisfy({ Self.isClean($0, longest) }) else {
            throw KayentaProblem("\(name) must have at most \(longest) bytes and no control characters.")
        }
        return values
    }

    func required(_ name: String) throws(KayentaProblem) -> String {
        guard let text = try text(name) else { throw KayentaProblem("\(name) is required.") }
        return text
    }

    func number(_ name: String) throws(KayentaProblem) -> Double {
        let text = try required(name)
        // Not the words and hexadecimal forms that `Double` reads as well.
        guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text), number.isFinite
        else { throw KayentaProblem("\(name) must be a number.") }
        return number
    }

    func whole(_ name: String, in range: ClosedRange<Int>) throws(KayentaProblem) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw KayentaProblem("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func flag(_ name: String) throws(KayentaProblem) -> Bool {
        switch try text(name) {
        case nil, "false": false
        case "true": true
        default: throw KayentaProblem("\(name) must be true or false.")
        }
    }

    /// Who asks, as Kayenta takes it from the parameters.
    ///
    /// - Parameter application: what stands for none.
    func origin(application: String) throws(KayentaProblem) -> CanaryOrigin {
        CanaryOrigin(
            application: try text("application") ?? application,
            parentPipelineExecutionID: try text("parentPipelineExecutionId"),
            accounts: CanaryAccounts(
                metrics: try text("metricsAccountName"),
                storage: try text("storageAccountName"),
                configuration: try text("configurationAccountName")
            )
        )
    }

    private static func isClean(_ text: String, _ longest: Int) -> Bool {
        text.utf8.count <= longest && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
