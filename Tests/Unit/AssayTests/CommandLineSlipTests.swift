import ArgumentParser
import Testing

@testable import assay

@Suite struct CommandLineSlipTests {
    private static let commands = Assay.configuration.subcommands.map { $0._commandName }

    private static func slip(in arguments: [String]) -> CommandLineSlip? {
        CommandLineSlip.find(in: arguments, commands: commands)
    }

    /// Whatever the command: what prints something and ends with 0 stands alone.
    @Test(arguments: Assay.configuration.subcommands.map { $0._commandName })
    func flagsThatEndWithZeroStandAlone(command: String) {
        for flag in ["--version", "-version", "--version=2.4.0"] {
            #expect(Self.slip(in: [command, flag]) != nil)
            #expect(Self.slip(in: [command, "--application", "checkout", flag, "2.4.0"]) != nil)
            #expect(Self.slip(in: [command, flag, "2.4.0", "--application", "checkout"]) != nil)
        }
        for flag in ["--help", "-h", "-help", "--help-hidden"] {
            #expect(Self.slip(in: [command, flag]) == nil)
            #expect(Self.slip(in: [command, "\(flag)=1"]) != nil)
            #expect(Self.slip(in: [command, "--application", "checkout", flag]) != nil)
            #expect(Self.slip(in: [command, flag, "--application", "checkout"]) != nil)
        }
        #expect(Self.slip(in: [command, "--experimental-dump-help"]) != nil)
        #expect(Self.slip(in: [command, "--generate-completion-script"]) != nil)
    }

    @Test func theVersionOfAReleaseHasAnOptionOfItsOwn() {
        for command in ["emit", "wait"] {
            let slip = Self.slip(in: [command, "--application", "a", "--version", "2.4.0"])
            #expect(slip?.description.contains("did you mean --release-version?") == true)
        }
        #expect(Self.slip(in: ["serve", "--version"])?.description.contains("`assay --version`") == true)
    }

    @Test func theProgramsOwnFlagsStay() {
        for arguments in [
            ["--version"], ["--help"], ["-h"], ["help"], ["help", "wait"], ["help", "rollout", "retry"],
            ["--generate-completion-script", "zsh"],
            ["--experimental-dump-help"],
        ] {
            #expect(Self.slip(in: arguments) == nil, "\(arguments)")
        }
        for arguments in [
            [], ["--version", "wait"], ["--version=2.4.0"], ["--help=1"], ["help", "nonsense"],
            ["help", "wait", "--application", "x"], ["--generate-completion-script=bash", "wait"],
        ] {
            #expect(Self.slip(in: arguments) != nil, "\(arguments)")
        }
        #expect(Self.slip(in: ["--application", "x", "wait", "--help"]) != nil)
    }

    @Test(arguments: [
        ["emit", "--application", "a", "--application", "b"], ["wait", "--event", "1", "--event=2"],
        ["wait", "--assay-url", "http://a", "--assay-url", "http://b"], ["wait", "--result", "--result"],
        ["judge", "--plan", "a", "--plan", "b"], ["emit", "--application", ""], ["emit", "--application="],
        ["wait", "--application", "a", "--environment", " ", "--release-version", "1"], ["wait", "--event", ""],
        ["wait", "--timeout="], ["wait", "", "--event", "1"], ["emit", "--assay-url", ""],
    ])
    func whatIsGivenTwiceOrEmptyIsASlip(arguments: [String]) {
        #expect(Self.slip(in: arguments) != nil)
    }

    @Test(arguments: [
        ["emit", "--control", "a=1", "--control", "b=2", "--experiment", "c=1", "--experiment", "d=2"],
        ["wait", "--application", "a", "--environment", "e", "--release-version", "1", "--json"],
        ["serve", "--web-port", "1", "--web-port", "2"], ["emit", "--kafka-brokers=a", "--control", "x=y=z"],
    ])
    func whatIsRightIsNone(arguments: [String]) {
        #expect(Self.slip(in: arguments) == nil)
    }
}
