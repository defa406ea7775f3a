import Analysis
import Reports

extension ReleaseGate {
    /// As `assay wait --result` says it, and `running` while there is no final verdict yet.
    var word: String {
        switch state {
        case .none: "none"
        case .waiting, .running: "running"
        case .decided(let verdict): verdict.word
        }
    }

    /// What counts, final or not.
    var verdict: Verdict? {
        switch state {
        case .decided(let verdict): verdict
        case .running(let verdict): verdict
        case .none, .waiting: nil
        }
    }

    var mayChange: Bool {
        switch state {
        case .waiting, .running: true
        case .none, .decided: false
        }
    }
}
