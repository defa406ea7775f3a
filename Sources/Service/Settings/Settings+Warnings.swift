import Logging

extension Settings {
    /// Says what is given by a former name, and what is given in vain.
    func logWarnings(to logger: Logger) {
        for variable in formerVariables {
            logger.warning(
                "a variable is given by its former name",
                metadata: ["variable": "\(variable.name)", "now": "\(variable.now)"]
            )
        }
        for warning in warnings {
            logger.warning("a setting is not used", metadata: ["reason": "\(warning)"])
        }
    }
}
