import Analysis
package import JSON
import Text

/// Reads messages of other systems as deploy events.
package struct HookReader: Sendable {
    private let profiles: [HookProfile]
    private let limits: EventLimits

    /// The first profile that fits a message counts.
    package init(profiles: [HookProfile] = [], limits: EventLimits = EventLimits()) {
        self.profiles = profiles
        self.limits = limits
    }

    /// The body of a request to the hook of a format.
    package func read(_ format: HookFormat, headers: [EventHeader], body: [UInt8]) -> HookReading {
        do {
            switch format {
            case .cdevents, .keptn:
                if headers.isCloudEvent {
                    return read(try CloudEventHTTPBinding.decode(headers: headers, body: body, limits: limits))
                        ?? .ignored("it is no event of \(format.rawValue)")
                }
                guard format == .cdevents else { return .malformed("it is no CloudEvent, as Keptn sends them") }
                return completed(try CDEvent.read(try object(body)), of: format)
            case .argo: return completed(try ArgoMessage.read(try object(body)), of: format)
            case .flagger: return completed(try FlaggerMessage.read(try object(body)), of: format)
            case .github: return completed(try GitHubMessage.read(try object(body), headers: headers), of: format)
            case .spinnaker: return completed(try SpinnakerMessage.read(try object(body)), of: format)
            }
        } catch {
            return .malformed("\(error)")
        }
    }

    /// The canary that a hook of Flagger is about, whatever its phase, as the deploy event of its version.
    package func canary(_ body: JSONObject) -> HookReading {
        do throws(HookError) {
            return completed(.deployment(try FlaggerMessage.canary(body, phase: .deployed)), of: .flagger)
        } catch {
            return .malformed("\(error)")
        }
    }

    /// An event of a format that comes as a CloudEvent; nil for any other type.
    package func read(_ event: CloudEvent) -> HookReading? {
        do throws(HookError) {
            if let content = try KeptnEvent.read(event, data: data) { return completed(content, of: .keptn) }
            guard event.type.hasPrefix(CDEvent.prefix) else { return nil }
            return completed(try CDEvent.read(try data(event)), of: .cdevents)
        } catch {
            return .malformed("\(error)")
        }
    }

    private func completed(_ content: HookContent, of format: HookFormat) -> HookReading {
        guard case .deployment(let deployment) = content else {
            if case .ignored(let reason) = content { return .ignored(reason) }
            return .ignored("")
        }
        do throws(HookError) {
            let profile = profiles.first { $0.fits(deployment, of: format) }
            return try (try profile?.complete(deployment) ?? deployment).reading()
        } catch {
            return .malformed("\(error)")
        }
    }

    private func data(_ event: CloudEvent) throws(HookError) -> JSONObject {
        guard event.hasJSONData else { throw HookError("datacontenttype: the data is not JSON") }
        return try object(event.data ?? [])
    }

    private func object(_ bytes: [UInt8]) throws(HookError) -> JSONObject {
        guard bytes.count <= limits.maximumBytes else {
            throw HookError("the message has \(bytes.count) bytes; at most \(limits.maximumBytes) are accepted")
        }
        let value: JSONValue
        do { value = try JSONParser.parse(bytes, maximumDepth: limits.maximumDepth) } catch {
            throw HookError("the body: \(error)")
        }
        guard let object = value.object else { throw HookError("the body must be a JSON object, not \(value.kind)") }
        return object
    }
}

extension [EventHeader] {
    /// Whether it carries a CloudEvent, in one of its two forms.
    fileprivate var isCloudEvent: Bool {
        contains { header in
            let name = header.name.lowercased()
            return name == "ce-specversion"
                || name == "content-type"
                    && String(decoding: header.value ?? [], as: UTF8.self).lowercased()
                        .hasPrefix("application/cloudevents")
        }
    }
}
