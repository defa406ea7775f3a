import Analysis
import JSON
import Judging

/// What a message of another system says about a deployment, in the words of a deploy event.
struct HookedDeployment {
    let identity: EventIdentity
    let phase: DeployEvent.Phase
    var time: Timestamp?
    var weight: Double?
    var nodes: [String]?
    var control: ControlScope?
    var experiment: ScopeLabels?
    /// What templates of profiles find their values in.
    let message: JSONObject
    private var texts: [HookField: String] = [:]

    init(_ identity: EventIdentity, _ phase: DeployEvent.Phase, of message: JSONObject) {
        self.identity = identity
        self.phase = phase
        self.message = message
    }

    subscript(field: HookField) -> String? {
        get { texts[field] }
        set { texts[field] = newValue }
    }

    /// Takes members over that have the names of a deploy event, from where its sender can write what the format has no
    /// place for.
    /// An empty text says nothing.
    mutating func take(_ object: JSONObject?, except kept: Set<HookField> = []) throws(HookError) {
        guard let object else { return }
        let fields = JSONFields(object)
        do throws(JSONFieldError) {
            for field in HookField.allCases where !kept.contains(field) {
                if let text = try fields.text(field.rawValue), !text.isEmpty { self[field] = text }
            }
            weight = try fields.number("weight") ?? weight
            nodes = try fields.texts("nodes") ?? nodes
            control = try fields.fields("control").map(DeployEventDecoder.control) ?? control
            experiment =
                try fields.fields("experiment").map { (fields) throws(JSONFieldError) in
                    try DeployEventDecoder.labels(of: fields)
                } ?? experiment
        } catch {
            throw HookError("\(error)")
        }
    }

    /// Of whole seconds it is not known where in the second: what ends an analysis came after what began it.
    private func happened(_ time: Timestamp) -> Timestamp {
        phase == .cancelled && time.milliseconds % 1000 == 0 ? time + .milliseconds(999) : time
    }

    func reading() throws(HookError) -> HookReading {
        let kind = self[.kind].map { ChangeKind(named: $0) } ?? .service
        return kind == .service ? .deploy(try event()) : .change(try change(kind))
    }

    private func change(_ kind: ChangeKind) throws(HookError) -> ChangeEvent {
        let event = ChangeEvent(
            identity: identity,
            kind: kind,
            time: time.map(happened),
            phase: phase,
            application: self[.application],
            environment: self[.environment],
            place: ChangeLocation(
                cluster: self[.cluster],
                namespace: self[.namespace],
                zone: self[.zone],
                nodes: nodes ?? []
            ),
            version: self[.version],
            summary: self[.summary]
        )
        do throws(DeployEventError) { try event.validate() } catch { throw HookError("\(error)") }
        return event
    }

    private func event() throws(HookError) -> DeployEvent {
        func required(_ field: HookField) throws(HookError) -> String {
            guard let text = self[field] else {
                throw HookError(
                    "\(field.rawValue): the message does not say it, and no profile adds it (hooks.profilesFile)"
                )
            }
            return text
        }
        let event = DeployEvent(
            identity: identity,
            time: time.map(happened),
            phase: phase,
            application: try required(.application),
            environment: try required(.environment),
            namespace: self[.namespace],
            cluster: self[.cluster],
            zone: self[.zone],
            nodes: nodes,
            version: try required(.version),
            imageDigest: self[.imageDigest],
            revision: self[.revision],
            workload: self[.workload],
            control: control,
            experiment: experiment,
            weight: weight,
            planName: self[.planName]
        )
        do throws(DeployEventError) { try event.validate() } catch { throw HookError("\(error)") }
        return event
    }
}

/// What a message is about.
enum HookContent {
    case deployment(HookedDeployment)
    case ignored(String)
}

extension JSONObject {
    /// A text that is there and not empty.
    func text(_ name: String) -> String? { self[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }

    func required(_ name: String) throws(HookError) -> String {
        guard let text = text(name) else { throw HookError("\(name): is missing, or is no text") }
        return text
    }

    func object(_ name: String) -> JSONObject { self[name]?.object ?? JSONObject() }
}
