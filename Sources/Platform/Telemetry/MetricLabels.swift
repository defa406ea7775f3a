/// How many labels a metric has, as a type: a value too many or too few does not compile.
package protocol MetricLabels: Sendable {}

package enum NoLabels: MetricLabels {}
package enum OneLabel: MetricLabels {}
package enum TwoLabels: MetricLabels {}
package enum ThreeLabels: MetricLabels {}
