import Foundation
import Processes

/// The commands of a page as one script, with the files it shows written where they stand.
struct PageScript {
    let steps: [ConsoleStep]
    private let text: String
    private let folder: URL

    /// - Parameter folder: where the commands are run.
    init(_ page: MarkdownPage, in folder: URL) throws {
        self.folder = folder
        var steps: [ConsoleStep] = []
        // The status of a command is that which the next one sees.
        var lines = ["trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT", "cd page", "status=0"]
        for (index, block) in page.blocks.enumerated() {
            if let file = block.file {
                let copy = folder.appendingPathComponent("file-\(index)")
                try Data(block.text.utf8).write(to: copy)
                lines.append("mkdir -p \"$(dirname '\(file)')\" && cp ../file-\(index) '\(file)'")
            }
            guard block.language == "console" else { continue }
            for step in ConsoleStep.all(of: block) {
                steps.append(step)
                lines += ["printf '%s\\n' '\(Self.mark)'", "(exit $status)", step.command, "status=$?"]
            }
        }
        self.steps = steps
        text = (lines + ["printf '%s\\n' '\(Self.mark)'", ""]).joined(separator: "\n")
    }

    /// The answer to each command.
    ///
    /// - Parameter isIsolated: the ports of the page are its own, in a network of their own, where the machine allows that.
    ///   Otherwise free ones take their place.
    func run(isIsolated: Bool = true) async throws -> [String] {
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("page"),
            withIntermediateDirectories: true
        )
        let script = folder.appendingPathComponent("script")
        try Data(text.utf8).write(to: script)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = ProgramRun.assay.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "")
        let ports = try FreePort.pick(3).map(String.init)
        _ = try await ProgramRun.run(
            URL(fileURLWithPath: "/bin/bash"),
            ["-c", Self.command, "bash", "\(isIsolated)"] + ports,
            environment: environment,
            in: folder
        )
        let output = try String(contentsOf: folder.appendingPathComponent("output"), encoding: .utf8)
        return Array(output.components(separatedBy: Self.mark + "\n").dropFirst().dropLast())
    }

    private static let mark = "@@ next @@"

    /// Without a network of its own, the ports of service, shop and Prometheus are others. Those of service and Prometheus are
    /// their defaults, which no command of a page names.
    private static let command = """
        exec >output 2>&1 </dev/null
        if $1 && unshare --user --map-root-user --net true 2>/dev/null && command -v ip >/dev/null; then
          exec timeout 240 unshare --user --map-root-user --net bash -c 'ip link set lo up; exec bash script'
        fi
        sed -i "s/\\b8080\\b/$2/g; s/\\b8081\\b/$3/g; s/\\b9090\\b/$4/g" script $(ls file-* 2>/dev/null)
        mkdir programs && ln -s "$(command -v prometheus)" programs/found
        printf '#!/bin/sh\\nexec %s/found --web.listen-address=127.0.0.1:%s "$@"\\n' "$PWD/programs" "$4" >programs/prometheus
        chmod +x programs/prometheus
        export ASSAY_WEB_PORT=$2 PATH="$PWD/programs:$PATH"
        exec timeout 240 bash script
        """
}
