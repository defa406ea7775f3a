import Kafka

extension Settings {
    /// The files with secrets that a command reads, by the setting that names each: tokens, passwords and keys, and the
    /// settings file itself where a secret stands in it.
    func secretFiles(for reader: Setting.Reader) -> [(setting: String, path: String)] {
        let keys = Set(ServiceCertificates.allCases.map(\.keyFile))
        var files: [(setting: String, path: String)] = []
        for setting in SettingsCatalog.settings(for: reader) {
            // Public keys are for everyone to read, and that is how openssl writes them.
            guard let value = given[setting.key],
                ![.rolloutVerificationKeysFile, .webOidcKeysFile].contains(setting.id)
            else { continue }
            if setting.kind == .secretFile || keys.contains(setting.id) { files.append((setting.key, value.text)) }
            if setting.isSecret, case .file(let path, _) = value.origin { files.append((setting.key, path)) }
        }
        if reader == .serve {
            files += NotificationSettings.secretFiles(self).map { (SettingKey.notificationsFile.rawValue, $0) }
        }
        for (name, value) in kafka.sorted(by: { $0.key < $1.key }) {
            if ["ssl.key.location", "ssl.keystore.location", "sasl.kerberos.keytab"].contains(name) {
                files.append(("kafka.\(name)", value.text))
            }
            if KafkaConfiguration.isSecret(name), case .file(let path, _) = value.origin {
                files.append(("kafka.\(name)", path))
            }
        }
        return files
    }

    /// Secrets that this process' own user left open to others, a sentence each. Pipelines are left alone: their runners
    /// write such files, in a machine that is made for the one run.
    func secretFileProblems(for reader: Setting.Reader) -> [String] {
        guard [.serve, .rollout, .migrate].contains(reader) else { return [] }
        return secretFiles(for: reader).compactMap { name, path in
            SecretFileAccess.problem(path).map { "\(name): \($0)" }
        }
    }
}
