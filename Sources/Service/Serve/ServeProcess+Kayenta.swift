import Engine
import Kayenta
import Store

/// Kayenta's API: nil where it is switched off.
extension ServeProcess {
    func kayenta(_ parts: ServeParts) -> KayentaAPI? {
        parts.canarySource.map { source in
            KayentaAPI(records: parts.store, source: source, clock: parts.clock, work: parts.canaries)
        }
    }

    func canaryRunner(_ parts: ServeParts) -> CanaryRunner? {
        var options = CanaryRunner.Options(owner: parts.replicas.name)
        options.lease = serve.lease
        if let kept = serve.retention[.sessions] { options.retention = kept }
        if let kept = serve.retention[.samples] { options.samples = kept }
        return parts.canarySource.map { source in
            CanaryRunner(
                records: parts.store,
                source: source,
                clock: parts.clock,
                work: parts.canaries,
                logger: logger,
                options: options
            )
        }
    }
}
