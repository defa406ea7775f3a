/// A kind of object as the API's paths name it.
package struct KubernetesResource: Sendable, Hashable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    package var plural: String

    package init(group: String, version: String, plural: String) {
        self.group = group
        self.version = version
        self.plural = plural
    }

    package static let argoRollouts = Self(group: "argoproj.io", version: "v1alpha1", plural: "rollouts")
}

/// The path of one namespaced object, or of its subresource. Only names that cannot alter a path get in.
package struct KubernetesPath: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Throws ``KubernetesError`` `invalidName` when a part does not follow RFC 1123.
    package init(
        _ resource: KubernetesResource,
        namespace: String,
        name: String,
        subresource: String? = nil
    ) throws(KubernetesError) {
        var path = resource.group.isEmpty ? "/api" : "/apis/"
        if !resource.group.isEmpty { path += try Self.subdomain(resource.group, "API group") }
        path += "/" + (try Self.label(resource.version, "API version"))
        path += "/namespaces/" + (try Self.label(namespace, "namespace"))
        path += "/" + (try Self.label(resource.plural, "resource type"))
        path += "/" + (try Self.subdomain(name, "name"))
        if let subresource { path += "/" + (try Self.label(subresource, "subresource")) }
        description = path
    }

    private static func label(_ name: String, _ part: String) throws(KubernetesError) -> String {
        guard KubernetesName.isLabel(name) else { throw .invalidName(name, part) }
        return name
    }

    private static func subdomain(_ name: String, _ part: String) throws(KubernetesError) -> String {
        guard KubernetesName.isSubdomain(name) else { throw .invalidName(name, part) }
        return name
    }
}
