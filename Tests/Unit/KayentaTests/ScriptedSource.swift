import Analysis
import Kayenta
import KayentaFormats
import Synchronization

/// A metrics back end that answers as it is told, and keeps what it was asked.
final class ScriptedSource: CanarySource {
    typealias Answer = @Sendable (_ query: String, _ scope: CanaryScope, _ attempt: Int) throws -> [CanarySeries]

    private let answer: Answer
    private let asked = Mutex<[String]>([])

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    var queries: [String] { asked.withLock { $0 } }

    func series(of query: String, for scope: CanaryScope) async throws(CanarySourceFailure) -> [CanarySeries] {
        let attempt = asked.withLock { asked in
            asked.append(query)
            return asked.count { $0 == query }
        }
        do { return try answer(query, scope, attempt) } catch let failure as CanarySourceFailure { throw failure } catch
        {
            throw CanarySourceFailure("\(error)", isTransient: false)
        }
    }

    /// A value a step over the whole window, of a level that wanders a little.
    static func steady(_ level: Double, _ scope: CanaryScope) -> [CanarySeries] {
        let times = stride(from: scope.start.milliseconds, through: scope.end.milliseconds, by: Int(scope.step) * 1000)
        return [
            CanarySeries(
                tags: [:],
                times: times.map { Timestamp(milliseconds: $0) },
                values: times.enumerated().map { level + Double($0.offset % 7) * 0.1 }
            )
        ]
    }
}
