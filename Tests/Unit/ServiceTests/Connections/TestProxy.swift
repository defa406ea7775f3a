import Foundation

/// Keeps the requests of tests from a proxy that the person who runs them may have.
enum TestProxy {
    private static let isAvoided: Bool = setenv("no_proxy", "*", 1) == 0 && setenv("NO_PROXY", "*", 1) == 0

    static func avoid() {
        _ = isAvoided
    }
}
