import Foundation

/// Who can read a file with a secret.
///
/// As ssh does with keys, it matters whose the file is: the process' own user can mend its mode, and has no reason for a
/// looser one. Root hands files over in ways that are loose on purpose, where no other user is there to read them: Kubernetes
/// mounts secrets with mode 0644, docker with 0444. Those places are known, and left alone.
enum SecretFileAccess: Equatable {
    /// Users of this machine who are neither the file's owner nor of its group.
    case readByOthers(isOwn: Bool)

    /// Nil when others cannot read the file, and when there is none.
    init?(_ path: String, user: uid_t = geteuid()) {
        guard let found = realpath(path, nil) else { return nil }
        let real = String(cString: found)
        free(found)
        let attributes = (try? FileManager.default.attributesOfItem(atPath: real)) ?? [:]
        guard attributes[.type] as? FileAttributeType == .typeRegular, Self.mode(attributes) & 0o004 != 0,
            !Self.isMounted(path, real), Self.isReachable(real)
        else { return nil }
        self = .readByOthers(isOwn: (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == user)
    }

    private static func mode(_ attributes: [FileAttributeKey: Any]) -> Int {
        (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }

    /// What is to be done about it, to be read after the setting's name and a colon.
    static func problem(_ path: String) -> String? {
        guard case .readByOthers(isOwn: true)? = Self(path) else { return nil }
        return "every user of this machine can read \(path), which holds a secret: make it yours alone (chmod 600)"
    }

    /// The kubelet keeps what it mounts in folders that begin with two dots; docker and podman have a folder of their own.
    private static func isMounted(_ path: String, _ real: String) -> Bool {
        real.split(separator: "/").contains { $0.hasPrefix("..") }
            || ["/run/secrets/", "/var/run/secrets/"].contains { path.hasPrefix($0) || real.hasPrefix($0) }
    }

    /// Whether others can enter every folder above the file.
    private static func isReachable(_ real: String) -> Bool {
        var folder = URL(fileURLWithPath: real).deletingLastPathComponent()
        while true {
            let attributes = (try? FileManager.default.attributesOfItem(atPath: folder.path)) ?? [:]
            guard mode(attributes) & 0o001 != 0 else { return false }
            guard folder.path != "/" else { return true }
            folder = folder.deletingLastPathComponent()
        }
    }
}
