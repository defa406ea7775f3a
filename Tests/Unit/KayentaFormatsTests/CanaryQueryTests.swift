import Analysis
import KayentaFormats
import Testing

@Suite struct CanaryQueryTests {
    private func text(
        type: String? = nil,
        metric: String? = "requests",
        bindings: [String] = [],
        fields: [String] = [],
        inline: String? = nil,
        named: String? = nil,
        templates: [String: String] = [:],
        scope: String? = "web-v1",
        location: String? = "us-central1",
        parameters: [String: String] = [:]
    ) throws(KayentaProblem) -> String {
        var query = CanaryMetricQuery(
            resourceType: type,
            metricName: metric,
            labelBindings: bindings,
            groupByFields: fields,
            customInlineTemplate: inline
        )
        query.customFilterTemplate = named
        let time = Timestamp(milliseconds: 0)
        let scope = CanaryScope(
            scope: scope,
            location: location,
            start: time,
            end: time,
            step: 60,
            parameters: parameters
        )
        return try CanaryQuery.text(query, templates: templates, for: scope)
    }

    @Test func composed() throws {
        #expect(
            try text(type: "gce_instance", bindings: ["code=\"500\""])
                == #"avg(requests{code="500",instance=~"web-v1-.{4}",zone=~".+/zones/us-central1-.{1}"})"#
        )
        #expect(
            try text(type: "gce_instance", scope: nil, parameters: ["project": "shop"])
                == #"avg(requests{zone=~".+/projects/shop/zones/us-central1-.{1}"})"#
        )
        #expect(
            try text(type: "aws_ec2_instance", fields: ["az", "code"])
                == #"avg(requests{asg_groupName="web-v1",zone=~"us-central1.{1}"}) by (az,code)"#
        )
        // The type of the scope counts where the metric names none.
        #expect(
            try text(parameters: ["resourceType": "aws_ec2_instance"])
                == #"avg(requests{asg_groupName="web-v1",zone=~"us-central1.{1}"})"#
        )
    }

    @Test func filtered() throws {
        #expect(
            try text(type: "anything", bindings: ["a=b"], inline: "x=\"1\",y=\"2\",,")
                == #"avg(requests{x="1",y="2",a=b})"#
        )
        let templates = ["sg": "server_group=${scope}"]
        #expect(
            try text(bindings: ["a=b"], named: "sg", templates: templates) == "avg(requests{server_group=web-v1,a=b})"
        )
        // The template of the metric itself wins.
        #expect(try text(inline: "x=1", named: "sg", templates: templates) == "avg(requests{x=1})")
    }

    @Test func whole() throws {
        #expect(
            try text(
                metric: nil,
                bindings: ["a=b"],
                fields: ["c"],
                inline: #"PromQL:sum(x{h="${scope}"})"#,
                scope: "/graph"
            )
                == #"sum(x{h="/graph"})"#
        )
        #expect(
            try text(
                inline: #"PromQL:histogram_quantile($\{quantile}, b{h="$\{scope}"})"#,
                parameters: ["quantile": "0.99"]
            ) == #"histogram_quantile(0.99, b{h="web-v1"})"#
        )
        // Parameters win over what the scope says, and a default stands for what neither says.
        #expect(
            try text(
                inline: #"PromQL:x{a="${scope}",b="${zone:-any}",c="${location:-none}"} # $${kept}"#,
                location: nil,
                parameters: ["scope": "other"]
            ) == #"x{a="other",b="any",c="none"} # ${kept}"#
        )
    }

    @Test func whatCannotBeBuiltIsSaidInKayentasWords() {
        for (build, words) in [
            ({ try self.text() }, "Either a resource type or a custom filter is required."),
            (
                { try self.text(type: "azure") },
                "There is no explicit support for resourceType 'azure'. You may build whatever query makes sense for your"
                    + " environment via label bindings and custom filter templates."
            ),
            (
                { try self.text(type: "gce_instance", location: nil) },
                "Location (i.e. region) is required when resourceType is 'gce_instance'."
            ),
            ({ try self.text(metric: nil, inline: "a=b") }, "Metric Name is required when query type is Default."),
            (
                { try self.text(named: "t") },
                "Custom filter template 't' was referenced, but no templates were defined."
            ),
            ({ try self.text(named: "t", templates: ["u": ""]) }, "Custom filter template 't' was not found."),
            ({ try self.text(inline: "x=${nothing}") }, "Problem evaluating custom filter template: x=${nothing}"),
        ] as [(() throws -> String, String)] {
            #expect(CanaryFixtures.problem { _ = try build() } == words)
        }
    }

    @Test(
        "No value of a scope becomes query text",
        arguments: [
            #"PromQL:x{a="${v}"}"#, #"PromQL:x{a='${v}'}"#, "PromQL:x{a=`${v}`}", #"PromQL:x{a="\\${v}"}"#,
            "PromQL:${v}",
            "PromQL:rate(x[${v}])", #"a="${v}",b="c""#, "a=${v}", #"PromQL:x{a="b"} + ${v}"#, "PromQL:x # ${v}",
        ]
    )
    func values(template: String) throws {
        let plain = try text(inline: template, parameters: ["v": "5m"])
        #expect(plain.contains("5m"))
        let hostile = [
            #"a"} or vector(1) #"#, "a'} or up{b='", "a`} or up{b=`", "a\\", "a\n} or up", "\" or \"", "a$" + "{scope}",
            "up)",
            "a}", "a,b=c", "a b", "1]) or up[1", "a\u{0}", "ü=",
        ]
        for value in hostile {
            guard let built = try? text(inline: template, parameters: ["v": value]) else { continue }
            // Within quotes of another kind it stays between them; in a comment nothing of it is read.
            let quotes =
                template.contains("`") ? "`" : template.contains("'") ? "'" : template.contains("\"") ? "\"" : "#"
            #expect(template.contains(quotes) && !value.contains("\n"), "\(built)")
            #expect(quotes == "#" || (!value.contains(quotes) && !value.contains("\\")), "\(built)")
        }
        for (type, location) in [("gce_instance", #"a"} or up{b=""#), ("aws_ec2_instance", "a\\")] {
            #expect(throws: KayentaProblem.self) { try text(type: type, location: location) }
            #expect(throws: KayentaProblem.self) { try text(type: type, scope: location) }
        }
        #expect(throws: KayentaProblem.self) {
            try text(type: "gce_instance", parameters: ["project": "a\" or \""])
        }
    }

    @Test func isBounded() throws {
        let long = String(repeating: "x", count: 40_000)
        #expect(throws: KayentaProblem.self) { try text(inline: "PromQL:\(long)${scope}\(long)") }
        // A place ends at the first brace, and what stands for it holds no places.
        #expect(try text(inline: "x=${a:-${b}}") == "avg(requests{x=${b}})")
    }
}
