// NOTE FROM THE LEAD: do only the client and the columnar parser (Sources/Prometheus/Responses, PrometheusClient*, PrometheusError,
// RangeQueryResult) with their tests. Sources/Prometheus/Templates (QueryTemplate, QueryVariables) is written by somebody else
// on branch `templates`. Commit the client as soon as it compiles and passes its first tests: others wait for it.
let standIn = 1
