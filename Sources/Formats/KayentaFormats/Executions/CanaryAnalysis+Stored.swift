import Analysis
import JSON

extension CanaryAnalysis {
    package var stored: [UInt8] {
        var object = JSONObject()
        object["id"] = .string(id)
        origin.add(to: &object)
        object["config"] = .object(config.json)
        object["request"] = request.json
        progress.addStored(to: &object)
        object["judgements"] = .array(
            judgements.map { judgement in
                .object([
                    "execution": .string(judgement.execution),
                    "start": .integer(Int(judgement.window.start.milliseconds)),
                    "end": .integer(Int(judgement.window.end.milliseconds)),
                    "status": .string(judgement.status.rawValue), "score": judgement.score.map { .java($0) },
                    "line": judgement.line,
                ])
            }
        )
        object["waitsSince"] = waitsSince.map { .integer(Int($0.milliseconds)) }
        return StoredCanaryForm.write(object)
    }

    package init(stored bytes: [UInt8]) throws(KayentaProblem) {
        let object = try StoredCanaryForm.read(bytes)
        guard let id = object["id"]?.text, let config = object["config"], let request = object["request"] else {
            throw KayentaProblem("The stored analysis cannot be read.")
        }
        self.init(
            id: id,
            origin: CanaryOrigin(object),
            config: try CanaryConfig(config),
            request: try CanaryAnalysisRequest(request),
            builtAt: Timestamp(milliseconds: 0)
        )
        progress = try CanaryProgress(stored: object)
        for value in object["judgements"]?.elements ?? [] { judgements.append(try Judgement(value)) }
        waitsSince = object["waitsSince"]?.integer.map { Timestamp(milliseconds: $0) }
    }
}

extension CanaryAnalysis.Judgement {
    fileprivate init(_ value: JSONValue) throws(KayentaProblem) {
        guard let object = value.object, let execution = object["execution"]?.text,
            let start = object["start"]?.integer, let end = object["end"]?.integer,
            let status = object["status"]?.text.flatMap(CanaryStatus.init)
        else { throw KayentaProblem("A stored judgement cannot be read.") }
        self.init(
            execution: execution,
            window: (Timestamp(milliseconds: start), Timestamp(milliseconds: end)),
            status: status,
            score: object["score"]?.doubleValue,
            line: object["line"]
        )
    }
}
