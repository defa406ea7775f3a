import HTTPTransport
import Logging
import Synchronization

/// A file with keys, read again at each use: what is in it counts at once, and the keys before it while it cannot be used.
final class KeyFile<Keys: Sendable>: Sendable {
    private struct State {
        var text: String
        var keys: Keys
        var isUsable = true
    }

    private let setting: SettingKey
    private let secret: Secret
    private let parse: @Sendable (String) throws -> Keys
    private let logger: Logger
    private let state: Mutex<State>

    /// Throws when the keys cannot be used now; nil where the setting is not given.
    init?(
        _ setting: SettingKey,
        of settings: Settings,
        logger: Logger,
        parse: @escaping @Sendable (String) throws -> Keys
    ) throws {
        guard let secret = try settings.secret(inFile: setting) else { return nil }
        self.setting = setting
        self.secret = secret
        self.parse = parse
        self.logger = logger
        let text = secret.value
        do { state = Mutex(State(text: text, keys: try parse(text))) } catch {
            throw SettingsError(
                "\(setting.rawValue): the file \(settings.text(setting) ?? "") cannot be used: \(error)"
            )
        }
    }

    /// Asked for at each use.
    var source: @Sendable () -> Keys { { [self] in keys } }

    var keys: Keys {
        let text = secret.value
        return state.withLock { state in
            guard text != state.text else { return state.keys }
            state.text = text
            do {
                state.keys = try parse(text)
                if !state.isUsable {
                    logger.info("keys can be used again", metadata: ["setting": "\(setting.rawValue)"])
                }
                state.isUsable = true
            } catch {
                state.isUsable = false
                logger.error(
                    "keys cannot be used; those read last are used on",
                    metadata: ["setting": "\(setting.rawValue)", "error": "\(error)"]
                )
            }
            return state.keys
        }
    }
}
