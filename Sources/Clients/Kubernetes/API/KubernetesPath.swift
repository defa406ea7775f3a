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
    package static let events = Self(group: "", version: "v1", plural: "events")
}

/// The path of one namespaced object, of its subresource, or of a namespace's objects of one kind. Only names that cannot alter a path get in.
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

    /// All objects of a kind in a namespace.
    package init(collection resource: KubernetesResource, namespace: String) throws(KubernetesError) {
        // The path of an object without its name.
        let object = try KubernetesPath(resource, namespace: namespace, name: "x").description
        description = String(object.dropLast(2))
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
