package import Analysis

/// An analysis of a past window, without its samples.
package struct PastAnalysisForm: StoredForm {
    package static let newest = 1
    package static let name = "analysis of a past window"

    package var form: Int?
    var session: SessionForm
    /// Milliseconds.
    var controlLag: Int64
    var verdicts: [VerdictForm]
    var transitions: [TransitionForm]

    package init(_ past: PastAnalysis) {
        form = Self.newest
        session = SessionForm(past.session)
        controlLag = past.controlLag.milliseconds
        verdicts = past.verdicts.map(VerdictForm.init)
        transitions = past.transitions.map(TransitionForm.init)
    }

    package func value() throws(FormError) -> PastAnalysis {
        // What is in it may be of a newer form than this version reads, as it may alone.
        if let number = session.form, number > SessionForm.newest {
            throw FormError(newer: number, than: SessionForm.newest, of: SessionForm.name)
        }
        var past = PastAnalysis(session: try session.value(), controlLag: .milliseconds(controlLag))
        for verdict in verdicts { past.verdicts.append(try verdict.value()) }
        past.transitions = transitions.map { $0.value() }
        return past
    }
}
