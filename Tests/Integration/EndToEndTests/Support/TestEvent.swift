import Foundation

/// Deploy events as a pipeline would write them: by hand, not by the program's own encoder.
struct TestEvent: Sendable {
    var id = UUID().uuidString
    var application: String
    var version = "1.0.0"
    /// Further members of the data, as JSON, each with a comma before it.
    var more = ""

    var data: String {
        #"{"application":"\#(application)","environment":"test","version":"\#(version)"\#(more)}"#
    }

    var structured: String {
        """
        {"specversion":"1.0","id":"\(id)","source":"/pipelines/test","type":"dev.assay.deploy.v1",\
        "datacontenttype":"application/json","data":\(data)}
        """
    }

    /// Attributes of the binary mode, without a prefix.
    var attributes: [(name: String, value: String)] {
        [("specversion", "1.0"), ("id", id), ("source", "/pipelines/test"), ("type", "dev.assay.deploy.v1")]
    }
}
