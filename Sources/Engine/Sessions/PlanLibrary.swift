package import PlanFormats

/// The plans that are in use, for those who want to see them.
package protocol PlanLibrary: PlanSource {
    var shelf: PlanShelf { get }
}
